// A scripted agent-spawn on the Unix socket PATH. argv: PATH [ASK WRONG]; it says `ready`, then the lines it gets.
//   WRONG is sent in place of the answer to ASK; `stall` says nothing more, `cut` hangs up, `half` hangs up in the middle
//   of the answer, `flood` never ends its line. Its state is in state.json, read for each question: { agents, configs,
//   events, version, pid, moves: { NAME: {…} }, tasks }; what is not there has a default.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

const [path = '', wrongAt = '', wrong = ''] = process.argv.slice(2)

type Fields = Readonly<Record<string, unknown>>

interface State {
  readonly agents: readonly Fields[]
  readonly configs: readonly Fields[]
  readonly events: readonly { readonly id: number }[]
  readonly version: string
  readonly pid: number
  readonly moves: Readonly<Record<string, Fields>>
  readonly tasks: readonly Fields[]
}

function readState(): State {
  const text = existsSync('state.json') ? readFileSync('state.json', 'utf8') : '{}'
  return {
    agents: [],
    configs: [],
    events: [],
    version: '0.1.0',
    pid: process.pid,
    moves: {},
    tasks: [],
    ...JSON.parse(text),
  }
}

function answer(request: Fields): Fields | null {
  const { agents, configs, events, version, pid, moves, tasks } = readState()
  const { ask, name, after } = request
  switch (ask) {
    case 'status':
      return { ok: true, agents }
    case 'config':
      return { ok: true, settings: { conf: '/etc/cargo/BootAgent', level: 'info' }, agents: configs }
    case 'start':
    case 'stop':
    case 'restart': {
      const agent = { ...agents.find(agent => agent['name'] === name), ...moves[String(name)] }
      const reached = (ask === 'stop') === (agent['status'] === 'stoped')
      return { ok: true, agent, state: agent['status'], reached, reason: reached ? null : 'it did not come' }
    }
    case 'events': {
      const list = events.filter(({ id }) => id > Number(after))
      const last = events.at(-1)?.id ?? 0
      return last === after && Number(request['wait']) > 0 ? null : { ok: true, events: list, last, lost: 0 }
    }
    case 'explain':
      return agents.some(agent => agent['name'] === name)
        ? { ok: true, lines: [`${name} is what it is`, 'nothing stands in the way'] }
        : { ok: false, fault: 'no', error: `there is no agent '${name}'` }
    case 'setlog':
      return { ok: true, level: request['level'], before: 'info' }
    case 'tasks':
      return { ok: true, tasks }
    case 'task':
    case 'apply':
      return { ok: true, step: 600 }
    case 'version':
      return { ok: true, version, pid, uptime: 10938.5, feature: 1 }
    default:
      return { ok: false, fault: 'data', error: `'${ask}' is not known` }
  }
}

function say(socket: Socket, request: Fields) {
  if (request['ask'] === wrongAt && wrong === 'stall') return
  if (request['ask'] === wrongAt && wrong === 'cut') return void socket.destroy()
  if (request['ask'] === wrongAt && wrong === 'flood') return flood(socket)
  const right = answer(request)
  if (right === null) return void setTimeout(() => say(socket, request), 20) // until there is an event
  const text = JSON.stringify(right)
  if (request['ask'] === wrongAt && wrong === 'half') socket.end(text.slice(0, text.length / 2))
  else if (!socket.destroyed) socket.write(`${request['ask'] === wrongAt ? wrong : text}\n`)
}

function flood(socket: Socket) {
  while (!socket.destroyed && socket.write('2'.repeat(65536))) {} // until its buffer is full
  socket.once('drain', () => flood(socket))
}

const server = createServer(socket => {
  let rest = ''
  socket.on('error', () => {})
  socket.on('data', chunk => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      process.stdout.write(`${line}\n`)
      say(socket, JSON.parse(line))
    }
  })
})
rmSync(path, { force: true })
server.listen(path, () => process.stdout.write('ready\n'))
