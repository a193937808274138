import { readFileSync } from 'node:fs'
import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { worstOf } from '../lib/cli/exit.ts'
import { tellFailure } from '../lib/cli/failures.ts'
import { toBytes, toCount, toDuration } from '../lib/cli/numbers.ts'
import { openProgress } from '../lib/cli/progress.ts'
import { run } from '../lib/cli/run.ts'
import { toSha256 } from '../lib/cli/words.ts'
import { CommandError } from '../lib/errors.ts'

const spec = {
  name: 'ftp-get',
  summary: 'Fetch files by FTP, HTTP or from this host: whole, verified, in one step.',
  operands: '[URL…]',
  operandCount: [0, 1000],
  records: true,
  options: {
    output: { short: 'o', long: 'output', value: 'FILE|DIR', help: 'where they go (default: this directory)' },
    rate: {
      short: 'r',
      long: 'rate',
      value: 'KB/s',
      to: toCount(0, 1e9),
      help: 'at most so fast (0: any, the default)',
    },
    resume: { short: 'c', long: 'continue', help: 'take up what is left of an earlier attempt' },
    connections: { short: 'n', long: 'connections', value: 'N', to: toCount(1, 16), help: 'each fetches a part (1)' },
    sha256: { long: 'sha256', value: 'HEX', to: toSha256, help: 'take only a file with this checksum' },
    timeout: { short: 't', long: 'timeout', value: 'SECS', to: toDuration(0.1, 3600), help: 'limit of silence (30)' },
    limit: { long: 'max-size', value: 'BYTES', to: toBytes(1, 1e15), help: 'take no file that is larger' },
    netrc: { long: 'netrc', value: 'FILE', help: 'logins are here (default: ~/.netrc)' },
    ca: { long: 'ca', value: 'FILE', help: 'TLS: trust these certificates instead of the built-in ones' },
    quiet: { short: 'q', long: 'quiet', help: 'no progress on a terminal' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  process.title = spec.name // what stood there may be a password
  const { output = '.', rate: speed = 0, resume, connections = 1, timeout = 30, limit = 1e15, netrc, sha256 } = options
  if (operands.length === 0 && process.stdin.isTTY) throw new CommandError('usage', 'URL… is missing')
  const { fetchAll } = await import('../lib/transfer/fetch-all.ts')
  const { readWishes, toWishes } = await import('../lib/transfer/wishes.ts')
  const { showProgress } = await import('../lib/transfer/progress-line.ts')
  const bad = new BadInput(spec.name, out)
  const others = { pass: out.pass.bind(out), bad: (line: number, why: string) => bad.report({ line }, why) }
  const isGiven = operands.length > 0 || sha256 !== undefined
  const wishes = isGiven ? await toWishes(operands, output, sha256) : readWishes(process.stdin, others)
  const shown = openProgress(options.quiet)
  const ca = options.ca === undefined ? undefined : readFileSync(options.ca, 'utf8')
  const settings = { timeout, ca, netrc, resume, connections, limit, progress: showProgress(shown) }
  const failed = (url: string, error: CommandError) => {
    shown.close()
    return tellFailure(out, spec.name, url, error, { type: 'download', url })
  }
  const defaults = { output, speed, blame: isGiven ? 'usage' : 'data' } as const
  const faults = await fetchAll(wishes, defaults, settings, { fetched: file => out.write(file), failed })
  shown.close()
  return worstOf(bad.status() === 0 ? faults : [...faults, 'data'])
})
