import type { CommandSpec } from '../../lib/cli/command.ts'
import { EXIT } from '../../lib/cli/exit.ts'
import { toListenAddress } from '../../lib/cli/listen.ts'
import { message } from '../../lib/cli/message.ts'
import { toCount } from '../../lib/cli/numbers.ts'
import { run } from '../../lib/cli/run.ts'
import { runUntilStopped } from '../../lib/cli/stopped.ts'
import { readLines } from '../../lib/ndjson/lines.ts'
import { FAULTS, toFault } from './faults.ts'
import { Hosts } from './hosts.ts'
import { serveHosts } from './serve-hosts.ts'

const spec = {
  name: 'testmocksvr',
  summary:
    'Be the server that bootagent reports to: tasks as NDJSON on stdin, reports as NDJSON on stdout, until TERM.',
  options: {
    listen: { short: 'l', long: 'listen', value: 'ADDR:PORT', to: toListenAddress, help: 'where (127.0.0.1:8180)' },
    tls: { long: 'tls', value: 'CERT,KEY[,CA]', help: 'speak TLS; with CA, ask for a certificate that it has signed' },
    tags: { long: 'tags', value: 'K=V,K=V', help: 'give these tags to hosts that register' },
    gzip: { long: 'gzip', help: 'take requests in gzip, and say so; answer in gzip' },
    status: { long: 'status', value: 'N', to: toCount(0, 1000), help: 'the status of each answer to a report (0)' },
    again: { long: 'again', help: 'give each task in every answer until the host has told its end' },
    fault: { long: 'fault', value: 'FAULT', to: toFault, repeat: true, help: 'answer wrongly: see below' },
    share: { long: 'share', value: 'PERCENT', to: toCount(0, 100), help: 'do so with this share of requests (100)' },
    first: { long: 'first', value: 'N', to: toCount(1, 1e9), help: 'do so with the first N requests only' },
    seed: { long: 'seed', value: 'N', to: toCount(0, 1e9), help: 'of the random numbers of --share (1)' },
  },
  notes: [
    'A line on stdin is a task, given once to each host (--again: until it is done); with a field "to", the hostname or agentsn of one, to that one only.',
    'A line on stdout is a request: {"type":"register"|"status","from":ADDR,"gzip":BOOL,"fault":FAULT|null,"body":OBJECT}.',
    'Where it listens is said on stderr. A host that registers with the agentsn of another gets a new one.',
    'FAULT, of several one after the other:',
    ...Object.entries(FAULTS).map(([name, { help }]) => `  ${name.padEnd(14)}  ${help}`),
  ],
} as const satisfies CommandSpec

run(spec, async ({ options }, out) => {
  const { host, port } = options.listen ?? { host: '127.0.0.1', port: 8180 }
  const hosts = new Hosts({ tags: options.tags ?? null, status: options.status ?? 0, again: options.again })
  await runUntilStopped(async signal => {
    const settings = {
      host: host ?? '::',
      port,
      tls: options.tls,
      gzip: options.gzip,
      faults: options.fault,
      share: (options.share ?? 100) / 100,
      first: options.first ?? Number.POSITIVE_INFINITY,
      seed: options.seed ?? 1,
      log: (record: object) => void out.write(record),
      say: (text: string) => message('info', text),
    }
    await Promise.all([serveHosts(hosts, settings, signal), takeTasks(hosts, signal)])
  })
  return EXIT.ok
})

/** Takes tasks for as long as stdin gives any. */
async function takeTasks(hosts: Hosts, signal: AbortSignal): Promise<void> {
  signal.addEventListener('abort', () => process.stdin.destroy())
  try {
    for await (const { line, text = '' } of readLines(process.stdin)) {
      if (text.trim() === '') continue
      const fault = hosts.takeTask(text)
      if (fault === null) message('info', `took line ${line}`)
      else message('warning', `line ${line}: ${fault}`)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
