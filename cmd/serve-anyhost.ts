import { writeSync } from 'node:fs'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCompat } from '../lib/cli/compat.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { toListenAddress } from '../lib/cli/listen.ts'
import { message } from '../lib/cli/message.ts'
import { toCount, toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'
import { runUntilStopped } from '../lib/cli/stopped.ts'

const toConnections = toCount(1, 100_000)
const toTimeout = toDuration(0.1, 3600)
const toReadyFd = toCount(1, 255)
const toMaxAge = toDuration(1, 1e9)

const spec = {
  name: 'serve-anyhost',
  summary: 'Serve the zone file FILE over HTTP, at any path, until TERM.',
  operands: 'FILE',
  operandCount: [1, 1],
  records: true,
  options: {
    listen: { short: 'l', long: 'listen', value: 'ADDR:PORT', to: toListenAddress, help: 'where to listen (:8089)' },
    most: { short: 'm', long: 'max', value: 'COUNT', to: toConnections, help: 'most connections at a time (1024)' },
    timeout: { short: 't', value: 'SECS', to: toTimeout, help: 'limit of a request head, and of silence (10)' },
    maxAge: { long: 'max-age', value: 'SECS', to: toMaxAge, help: '/healthz fails when FILE is older (any age)' },
    compat: { long: 'compat', value: 'VERSION', to: toCompat, help: 'serve files without an end marker too (3.3)' },
    readyFd: { long: 'ready-fd', value: 'N', to: toReadyFd, help: 'write an empty line there once it listens' },
    quiet: { short: 'q', long: 'quiet', help: 'no access log' },
  },
  notes: ['/status, /healthz and /metrics tell about the server itself.'],
} as const satisfies CommandSpec

run(spec, async ({ options, operands: [path = ''] }) => {
  const { serve } = await import('../lib/origin/serve.ts')
  const { openAccessLog } = await import('../lib/origin/serve-log.ts')
  // Node's own stream makes a pipe one that does not block: a reader of the log that has stopped must not stop the serving.
  process.stdout.on('error', () => {})
  const { host, port } = options.listen ?? { host: undefined, port: 8089 }
  await runUntilStopped(signal =>
    serve(
      {
        path,
        host,
        port,
        connections: options.most ?? 1024,
        timeout: options.timeout ?? 10,
        maxAge: options.maxAge ?? Number.POSITIVE_INFINITY,
        legacy: options.compat !== undefined,
        readyFd: options.readyFd,
        log: options.quiet ? undefined : openAccessLog(bytes => writeSync(1, bytes)),
        report: message,
      },
      signal,
    ),
  )
  return EXIT.ok
})
