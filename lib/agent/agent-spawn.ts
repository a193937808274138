import { CommandError } from '../errors.ts'
import { lookForAccounts } from './config-account.ts'
import { type ConfigFile, ignoreRepeats, readConfigDir, readConfigFile, renderFault } from './config-dir.ts'
import { readConfigInput } from './config-input.ts'
import { lookAround } from './config-world.ts'
import { closeInherited } from './inherited.ts'
import { takeRootGroups } from './root-groups.ts'
import { serveDirectory } from './serve-directory.ts'
import { type AgentSpawnOptions, toDaemonOptions } from './spawn-options.ts'
import { superviseAlone } from './supervise-alone.ts'

/**
 * Serves a directory, or supervises the agents of files or standard input in the foreground; returns the exit status.
 * Throws 'usage' for what does not go together, and 'config' for a configuration that nothing can be done with.
 */
export async function runAgentSpawn(options: AgentSpawnOptions): Promise<number> {
  const { dir, files } = options
  if (dir !== null && files.length > 0) throw new CommandError('usage', `'${files[0]}': no operand is taken with -d`)
  if (options.test) return await test(options)
  closeInherited(options.readyFd)
  takeRootGroups()
  const daemon = toDaemonOptions(options)
  if (daemon.dir !== null) {
    await serveDirectory(daemon.dir, daemon)
    return 0
  }
  const read = await readFiles(options)
  const agents = read.flatMap(({ file, parsed }) => (parsed.config === null ? [] : [{ file, config: parsed.config }]))
  if ((await reportAll(read, options.report)) > 0)
    throw new CommandError('config', 'nothing is started: the configuration is wrong')
  return await superviseAlone(agents, daemon)
}

/** Tells every fault and warning, and of a program that is not there; 78 where there is a fault (B13, B29). */
async function test(options: AgentSpawnOptions): Promise<number> {
  toDaemonOptions(options) // throws what is wrong in the environment
  const read = options.dir === null ? await readFiles(options) : readConfigDir(options.dir)
  return (await reportAll(read, options.report)) > 0 ? 78 : 0
}

async function reportAll(read: readonly ConfigFile[], report: (text: string) => void): Promise<number> {
  let faults = 0
  for (const { file, parsed } of read) {
    for (const fault of parsed.faults) report(renderFault(file, fault))
    faults += parsed.faults.length
    for (const warning of parsed.warnings) report(`warning: ${renderFault(file, warning)}`)
    if (parsed.config === null) continue
    const seen = [...lookAround(parsed.config), ...(await lookForAccounts(parsed.config))]
    for (const warning of seen) report(`warning: ${renderFault(file, warning)}`)
  }
  return faults
}

async function readFiles({ files }: AgentSpawnOptions): Promise<readonly ConfigFile[]> {
  return ignoreRepeats(files.length > 0 ? files.map(readConfigFile) : await readConfigInput(process.stdin))
}
