import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCompat } from '../lib/cli/compat.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { toInputs } from '../lib/cli/inputs.ts'
import { message, setQuiet } from '../lib/cli/message.ts'
import { toBytes, toCount, toDuration, toPort } from '../lib/cli/numbers.ts'
import { openProgress } from '../lib/cli/progress.ts'
import { run } from '../lib/cli/run.ts'
import { renderTable } from '../lib/cli/table.ts'

const toSeconds = toDuration(0.01, 86400)
const spec = {
  name: 'probe-ips',
  summary: 'Measure the addresses of every domain in domain.conf.',
  operands: '[FILE…]',
  operandCount: [0, Number.POSITIVE_INFINITY],
  records: true,
  options: {
    timeout: { short: 't', long: 'timeout', value: 'SECS', to: toSeconds, help: 'limit of one connection (3)' },
    connections: { short: 'c', long: 'connections', value: 'N', to: toCount(1, 100000), help: 'at once at most (200)' },
    rate: { long: 'rate', value: 'BYTES', to: toBytes(1024, 1e12), help: 'bytes a second at most, all together' },
    host: { long: 'host', value: 'HOST', help: 'request this host of every address' },
    path: { long: 'path', value: 'PATH', help: 'request this path of every address' },
    port: { long: 'port', value: 'PORT', to: toPort, help: 'connect to this port of every address' },
    compat: { long: 'compat', value: 'VERSION', to: toCompat, help: 'send the host as 3.3 did, with its final dot' },
    originIp: { long: 'origin-ip', value: 'FILE', help: 'resolved addresses, origin_domain_ip' },
    auth: { long: 'auth', value: 'FILE', help: 'domains with a URL of their own, auth_domain.conf' },
    headers: { long: 'headers', value: 'FILE', help: 'extra request headers, detectorig.conf' },
    linkData: { long: 'link-data', value: 'DIR', help: 'read and write link.data files there' },
    installed: { long: 'installed', value: 'FILE', help: 'the zone file in force: repeat its failures at once' },
    period: { long: 'period', value: 'SECS', to: toSeconds, help: 'spread the starts over half of this time' },
    limit: { long: 'limit', value: 'SECS', to: toSeconds, help: 'end the round after this time (5/6 of the period)' },
    control: { long: 'control', value: 'HOST:PORT', repeat: true, help: 'the round is blind unless one answers' },
    check: { long: 'check', help: 'only read the input and tell its faults' },
    strict: { long: 'strict', help: 'measure nothing when a line is bad' },
    quiet: { short: 'q', long: 'quiet', help: 'no progress, no summary' },
    json: { short: 'j', long: 'json', help: 'records on a terminal too' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  if (options.quiet) setQuiet()
  const { prepare, recordSink, tableSink } = await import('../lib/origin/probe-prepare.ts')
  const plan = await prepare(toInputs(operands), options)
  const bad = new BadInput(spec.name, out)
  for (const { severity, file, line, reason } of plan.faults) {
    if (severity === 'error') bad.report({ file: file ?? undefined, line }, reason)
    else message('warning', `${file === null ? 'line ' : `${file}:`}${line}: ${reason}`)
  }
  bad.refuseIfStrict(options.strict)
  if (options.check) message('info', plan.summary)
  if (options.check) return bad.status()
  const people = process.stdout.isTTY && !options.json
  const round = await plan.run(people ? tableSink(process.stdout, renderTable) : recordSink(out), openProgress())
  const silent = round.units > 0 && round.ok === 0
  if (silent) message('info', 'no relay answered')
  return bad.status(silent ? EXIT.no : EXIT.ok)
})
