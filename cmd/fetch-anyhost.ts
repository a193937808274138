import { readFileSync } from 'node:fs'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCompat } from '../lib/cli/compat.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { message } from '../lib/cli/message.ts'
import { toBytes, toCount, toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'

const toTimeout = toDuration(0.1, 3600)

const spec = {
  name: 'fetch-anyhost',
  summary: 'Fetch the zone file from the first of the servers that gives a valid one, and install it when it differs.',
  operands: 'URL…',
  operandCount: [1, 20],
  records: true,
  options: {
    output: { short: 'o', long: 'output', value: 'FILE', required: true, help: 'the zone file to install' },
    timeout: { short: 't', long: 'timeout', value: 'SECS', to: toTimeout, help: 'limit of one whole transfer (10)' },
    limit: { long: 'limit', value: 'BYTES', to: toBytes(1, 1024 ** 3), help: 'largest file that is taken (64M)' },
    state: { long: 'state', value: 'FILE', help: 'what is remembered between runs (beside -o: FILE.fetch)' },
    sticky: { long: 'sticky', value: 'N', to: toCount(1, 1000), help: 'failures before another server is asked (3)' },
    keep: { long: 'keep', value: 'N', to: toCount(0, 1000), help: 'versions that are kept as FILE.SERIAL (5)' },
    force: { long: 'force', help: 'take a valid file however much it changes, and an older serial' },
    compat: { long: 'compat', value: 'VERSION', to: toCompat, help: 'take files without an end marker too (3.3)' },
    ca: { long: 'ca', value: 'FILE', help: 'https: trust these certificates instead of the built-in ones' },
    quiet: { short: 'q', long: 'quiet', help: 'say nothing on stderr about servers that fail' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const { fetchAnyhost } = await import('../lib/origin/fetch.ts')
  const { toServer } = await import('../lib/origin/fetch-server.ts')
  const { output: path, limit = 64 * 1024 ** 2, timeout = 10, sticky = 3, keep = 5, force, quiet } = options
  const servers = operands.map(toServer)
  const ca = options.ca === undefined ? undefined : readFileSync(options.ca, 'utf8')
  const request = { timeout, limit, ca, legacy: options.compat !== undefined }
  const statePath = options.state ?? `${path}.fetch`
  const warn = (text: string) => quiet || message('warning', text)
  const { record, alerts } = await fetchAnyhost({ path, statePath, servers, ...request, sticky, keep, force, warn })
  for (const alert of process.stdout.isTTY ? [] : alerts) await out.write(alert)
  await out.write(record)
  if (record.current) return EXIT.ok
  const left = record.serial === null ? 'not there' : 'kept'
  if (!quiet) message('fatal', `no server gave a valid file, '${path}' is ${left}`)
  return EXIT.unavailable
})
