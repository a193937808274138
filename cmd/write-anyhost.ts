import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCompat } from '../lib/cli/compat.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { toInputs } from '../lib/cli/inputs.ts'
import { message } from '../lib/cli/message.ts'
import { toCount } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'

const spec = {
  name: 'write-anyhost',
  summary: 'Write the zone file of a round: checked, guarded against mass changes, in one step.',
  operands: '[FILE…]',
  operandCount: [0, 1000],
  records: true,
  options: {
    output: { short: 'o', long: 'output', value: 'FILE', required: true, help: 'the zone file' },
    compat: { long: 'compat', value: 'VERSION', to: toCompat, help: 'write as version 3.3 did, byte for byte' },
    force: { long: 'force', help: 'write what the guard refuses' },
    dryRun: { short: 'n', long: 'dry-run', help: 'print what would change, write nothing' },
    serial: { long: 'serial', value: 'N', to: toCount(1, 0xffffffff), help: 'the serial to use (the next one)' },
    keep: { long: 'keep', value: 'N', to: toCount(0, 1000), help: 'keep N older versions as FILE.SERIAL (5)' },
    wildcards: { long: 'wildcards', help: "add a '*.' CNAME for each empty node that hides a wildcard" },
    comments: { long: 'comments', help: 'renew the comment lines when no answer changes' },
    checkzone: { long: 'checkzone', value: 'PROGRAM', help: "check with PROGRAM (named-checkzone), or 'none'" },
    strict: { long: 'strict', help: 'do nothing at all when a line is bad' },
    json: { short: 'j', help: 'with -n: print the zone record, not the difference' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const { readRankings } = await import('../lib/origin/read-rankings.ts')
  const { throwRefusal, writeZone } = await import('../lib/origin/zone-write.ts')
  const forPeople = options.dryRun && !options.json
  const bad = new BadInput(spec.name, out)
  const pass = (text: string) => (forPeople ? undefined : out.pass(text))
  const sources = toInputs(operands).map(({ file, stream }) => {
    return { stream, others: { pass, bad: (line: number, reason: string) => bad.report({ file, line }, reason) } }
  })
  const read = await readRankings(sources)
  bad.refuseIfStrict(options.strict)
  const { keep = 5, checkzone = 'named-checkzone' } = options
  const how = {
    ...options,
    compat: options.compat === '3.3',
    keep,
    checkzone: checkzone === 'none' ? null : checkzone,
    checkzoneRequired: options.checkzone !== undefined,
    now: Date.now() / 1000,
  }
  const written = await writeZone(options.output, read, how, text => message('warning', text))
  if (forPeople) await out.pass(written.difference())
  else if (options.dryRun) throwRefusal(written.plan, written.record.file)
  if (!forPeople) await out.write(written.record)
  if (written.plan.faults.length > 0) return EXIT.data
  return bad.status(written.plan.refusals.length > 0 ? EXIT.no : EXIT.ok)
})
