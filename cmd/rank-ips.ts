import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCompat } from '../lib/cli/compat.ts'
import { toInputs } from '../lib/cli/inputs.ts'
import { message } from '../lib/cli/message.ts'
import { run } from '../lib/cli/run.ts'
import { renderTable } from '../lib/cli/table.ts'
import { CommandError } from '../lib/errors.ts'

const spec = {
  name: 'rank-ips',
  summary: 'Decide from the measurements of a round which addresses of each domain are published.',
  operands: '[FILE…]',
  operandCount: [0, 1000],
  records: true,
  options: {
    compat: { long: 'compat', value: 'VERSION', to: toCompat, help: 'decide as version 3.3 did, byte for byte' },
    installed: { long: 'installed', value: 'FILE', help: 'the zone file in force: what is published now' },
    why: { long: 'why', value: 'DOMAIN', help: 'print for people why DOMAIN is ranked as it is' },
    strict: { long: 'strict', help: 'do nothing at all when a line is bad' },
    json: { short: 'j', help: 'write records on a terminal too' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const { readRound } = await import('../lib/origin/read-round.ts')
  const { rank } = await import('../lib/origin/rank.ts')
  const { explain, rankingTable } = await import('../lib/origin/why.ts')
  const forPeople = options.why !== undefined || (process.stdout.isTTY && !options.json)
  const bad = new BadInput(spec.name, out)
  const held: string[] = []
  const pass = (text: string) => (options.strict || forPeople ? void held.push(text) : out.pass(text))
  const sources = toInputs(operands).map(({ file, stream }) => {
    return { stream, others: { pass, bad: (line: number, reason: string) => bad.report({ file, line }, reason) } }
  })
  const read = await readRound(sources)
  if (read.round === null) bad.report({ file: operands.at(-1) }, 'ends without a round record: cut short?')
  bad.refuseIfStrict(options.strict)
  if (read.strays !== null) message('warning', read.strays)
  const how = { compat: options.compat !== undefined, score: { rule: 'median' } as const }
  const ranked = await rank(read, { installed: options.installed, peer: undefined }, how, Date.now() / 1000)
  const { rankings, round, alerts } = ranked.result
  if (options.why !== undefined) {
    const why = explain(options.why, ranked.input, rankings)
    if (why === null) throw new CommandError('no', `'${options.why}' is not in the input`)
    await out.pass([...why.head, '', renderTable(why.table.columns, why.table.rows), ...why.tail].join('\n'))
    return bad.status()
  }
  const { columns, rows } = rankingTable(forPeople ? rankings : [])
  if (forPeople) await out.pass(renderTable(columns, rows).trimEnd())
  else for (const text of held) await out.pass(text)
  for (const record of forPeople ? [] : [...alerts, ...rankings, round]) await out.write(record)
  await out.flush()
  await ranked.save()
  return bad.status()
})
