import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCompat } from '../lib/cli/compat.ts'
import { toInputs } from '../lib/cli/inputs.ts'
import { message } from '../lib/cli/message.ts'
import { run } from '../lib/cli/run.ts'
import { renderTable } from '../lib/cli/table.ts'

const spec = {
  name: 'rank-ips',
  summary: 'Decide from the measurements of a round which addresses of each domain are published.',
  operands: '[FILE…]',
  operandCount: [0, 1000],
  records: true,
  options: {
    compat: { long: 'compat', value: 'VERSION', to: toCompat, help: 'decide as version 3.3 did, byte for byte' },
    installed: { long: 'installed', value: 'FILE', help: 'the zone file in force: what is published now' },
    state: { long: 'state', value: 'FILE', help: 'damp by the memory of the rounds before, kept in FILE' },
    score: { long: 'score', value: 'RULE', help: 'order by median (default), last or ewma:A' },
    peer: { long: 'peer', value: 'FILE', help: 'the zone file of the peer prober' },
    site: { long: 'site', value: 'NAME', help: "draw among equal addresses by NAME instead of the host's name" },
    why: { long: 'why', value: 'DOMAIN', help: 'print for people why DOMAIN is ranked as it is' },
    strict: { long: 'strict', help: 'do nothing at all when a line is bad' },
    json: { short: 'j', help: 'write records on a terminal too' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const { readRound } = await import('../lib/origin/read-round.ts')
  const { toRanker } = await import('../lib/origin/rank.ts')
  const { overview } = await import('../lib/origin/why.ts')
  const rank = toRanker(options)
  const mayRecall = options.why !== undefined && options.state !== undefined
  const forPeople = options.why !== undefined || (process.stdout.isTTY && !options.json)
  const bad = new BadInput(spec.name, out)
  const held: string[] = []
  const pass = (text: string) => (options.strict || forPeople ? void held.push(text) : out.pass(text))
  const inputs = mayRecall && operands.length === 0 && process.stdin.isTTY ? [] : toInputs(operands)
  const read = await readRound(
    inputs.map(({ file, stream }) => ({ stream, pass, bad: (line, reason) => bad.report({ file, line }, reason) })),
  )
  const isCut = read.round === null && !(read.isEmpty && mayRecall)
  if (isCut) bad.report({ file: operands.at(-1) }, 'ends without a round record: cut short?')
  bad.refuseIfStrict(options.strict)
  if (read.strays !== null) message('warning', read.strays)
  const ranked = await rank(read, Date.now() / 1000)
  const { rankings, round, alerts } = ranked.result
  for (const alert of alerts) message('warning', alert.message)
  if (forPeople) {
    const { head, tables, tail } = options.why === undefined ? overview(rankings) : ranked.explain(options.why)
    const shown = tables.map(({ columns, rows }) => renderTable(columns, rows))
    await out.pass([...head, ...shown, ...tail].join('\n').trimEnd())
  } else {
    for (const text of held) await out.pass(text)
    for (const record of [...alerts, ...rankings, round]) await out.write(record)
  }
  await out.flush()
  if (options.why === undefined) await ranked.save()
  return bad.status()
})
