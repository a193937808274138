import { runChild } from '../sys/child.ts'

/** Whose further options a setting holds. */
const COMMANDS = {
  probe: 'probe-ips',
  rank: 'rank-ips',
  write: 'write-anyhost',
  serve: 'serve-anyhost',
  reload: 'reload-named',
  alert: 'mail-alert',
}

/** A file of this size is read within the limit on any host, in seconds. */
const TIMEOUT = 60

/** What a command said that did not take its part of the settings. */
export interface FailedTest {
  readonly what: string
  readonly stderr: string
}

/**
 * Starts each command with the options that the settings give it, and lets probe-ips read the domain.conf. Returns what
 * failed; throws 'unavailable' where a command is missing.
 */
export async function testSettings(lists: Readonly<Record<string, readonly string[]>>): Promise<FailedTest[]> {
  const failed: FailedTest[] = []
  const test = async (what: string, command: string, args: readonly string[]) => {
    const { code, stderr } = await runChild(command, args, { timeout: TIMEOUT })
    if (code !== 0) failed.push({ what: `${what}: ${command} ends with status ${code ?? 'of a signal'}`, stderr })
  }
  for (const [key, command] of Object.entries(COMMANDS)) {
    const words = lists[key] ?? []
    if (words[0] !== 'none') await test(key, command, [...words, '-V']) // unknown options and bad values are found before -V acts
  }
  await test('conf', 'probe-ips', ['--check', ...(lists['probe'] ?? []), '--', ...(lists['conf'] ?? [])])
  return failed
}
