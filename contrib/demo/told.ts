// What the server of the demo was told, as text: told.ts FILE, what testmocksvr has written. The agents of the last report, and how
// each task ended.
import { readFileSync } from 'node:fs'

interface Body {
  readonly hostname: string
  readonly agents: readonly { readonly name: string; readonly version: string; readonly status: string }[]
  readonly tasks: readonly { readonly id: string; readonly errcode: number; readonly message: string }[]
}

const lines = readFileSync(process.argv[2] ?? '/dev/stdin', 'utf8').split('\n')
const bodies: readonly Body[] = lines.flatMap(line =>
  line.startsWith('{"type":"status"') ? [JSON.parse(line).body] : [],
)
const ended = bodies.flatMap(({ tasks }) => tasks.filter(({ errcode }) => errcode >= 0))
for (const { hostname, agents } of bodies.slice(-1)) {
  const shown = agents.map(({ name, version, status }) => `${name} ${version} ${status}`)
  process.stdout.write(`  host ${hostname}: ${shown.join(', ') || 'no agents'}\n`)
}
for (const { id, errcode, message } of ended) process.stdout.write(`  task ${id}: ${errcode} ${message}\n`)
