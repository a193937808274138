import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { readStdin } from '../lib/cli/inputs.ts'
import { message } from '../lib/cli/message.ts'
import { toBytes, toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'
import { toPin } from '../lib/cli/words.ts'

const toTimeout = toDuration(0.1, 600)
const toSize = toBytes(4096, 16 * 1024 ** 2)

const spec = {
  name: 'agent-report',
  summary:
    'Report the snapshot on standard input to the first of its servers that answers, and write what it wants done.',
  records: true,
  options: {
    timeout: {
      short: 't',
      long: 'timeout',
      value: 'SECS',
      to: toTimeout,
      help: 'limit of each step of a request (10)',
    },
    request: { long: 'request-limit', value: 'BYTES', to: toSize, help: 'largest request; the rest waits (64k)' },
    answer: { long: 'reply-limit', value: 'BYTES', to: toSize, help: 'largest reply that is taken (64k)' },
    tls: { long: 'tls', help: 'speak TLS to all servers, not only to those with https://' },
    ca: { long: 'ca', value: 'FILE', help: '--tls: trust these certificates instead of the built-in ones' },
    cert: { long: 'cert', value: 'FILE', help: '--tls: show this certificate to the server' },
    key: { long: 'key', value: 'FILE', help: 'its private key (default: in the file of --cert)' },
    pin: { long: 'pin', value: 'SHA256', to: toPin, help: '--tls: the server must have this public key' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options }, out) => {
  const { readSnapshot } = await import('../lib/report/read-snapshot.ts')
  const { readTrust } = await import('../lib/report/tls-files.ts')
  const { report } = await import('../lib/report/report.ts')
  const { timeout = 10, request = 64 * 1024, answer = 64 * 1024 } = options
  const trust = await readTrust(options)
  const bad = new BadInput(spec.name, out)
  const snapshot = await readSnapshot(readStdin(), {
    pass: text => out.pass(text),
    bad: (line, reason) => bad.report({ line }, reason),
  })
  const { reply, tasks } = await report(snapshot, {
    timeout,
    request,
    answer,
    trust,
    warn: text => message('warning', text),
    now: () => Date.now() / 1000,
  })
  await out.write(reply)
  for (const task of tasks) await out.write(task)
  return bad.status()
})
