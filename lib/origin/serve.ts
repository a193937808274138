import { closeSync, writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { toCommandError } from '../errors.ts'
import { systemClock } from '../sys/clock.ts'
import { answerFile, answerText } from './serve-answer.ts'
import { openServedFile, type Report } from './serve-file.ts'
import { createHttpSide, type HttpSide } from './serve-http.ts'
import type { AccessLog } from './serve-log.ts'
import { type Counters, illnessOf, renderMetrics, renderStatus, type Situation } from './serve-status.ts'

/** What to serve, where, and the limits. Times in seconds. */
export interface ServeOptions {
  readonly path: string
  /** An address of this host; undefined: all of them. */
  readonly host: string | undefined
  /** 0: any free one. */
  readonly port: number
  readonly connections: number
  /** How long a request's head may take, and how long a connection may lie idle or take no bytes. */
  readonly timeout: number
  /** The oldest a healthy file may be. */
  readonly maxAge: number
  /** Files without an end marker are served too. */
  readonly legacy: boolean
  readonly log: AccessLog | undefined
  readonly report: Report
  /** Whoever started us reads an empty line there once we listen (s6's readiness protocol). */
  readonly readyFd: number | undefined
}

/** How long between two looks at the file. */
const CHECK_SECONDS = 1
/** How long requests under way may take after the stop. */
const DRAIN_SECONDS = 10
/** How long one answer may take to be read, however steadily. */
const ANSWER_SECONDS = 300

/** Serves the file until the signal comes; throws 'io' or 'permission' where it cannot listen. */
export async function serve(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const { path, maxAge, report, log } = options
  const file = openServedFile(path, options.legacy, report)
  const started = Date.now() / 1000
  const counters = newCounters(log)
  const situation = (): Situation => ({ path, file, counters, started, now: Date.now() / 1000, maxAge })
  const http = createHttpSide({
    ...options,
    counters,
    answerPath(path, headers) {
      if (path === '/healthz') {
        const illness = illnessOf(situation())
        return answerText(illness === undefined ? 200 : 503, `${illness ?? 'ok'}\n`)
      }
      if (path === '/status') return answerText(200, `${renderStatus(situation())}\n`, [], 'application/json')
      if (path === '/metrics') return answerText(200, renderMetrics(situation()), [], METRICS_TYPE)
      return answerFile(headers, file.version)
    },
  })
  await file.check()
  report('info', `listening on ${await listen(http, options)}`)
  if (options.readyFd !== undefined) tellReady(options.readyFd)
  while (!signal.aborted) {
    await systemClock.sleep(CHECK_SECONDS, signal)
    await file.check()
    http.cutOlderThan(ANSWER_SECONDS)
  }
  await http.stop(DRAIN_SECONDS)
  log?.close()
}

function tellReady(fd: number): void {
  try {
    writeSync(fd, '\n')
    closeSync(fd)
  } catch {
    // Whoever started us does not wait any longer.
  }
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Listens, and returns where, as a person writes it. */
async function listen({ server }: HttpSide, { host, port }: ServeOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(toCommandError(`listen on ${renderAddress(host, port)}`, error)))
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve)
  })
  const { port: real } = server.address() as AddressInfo // not a pipe, so never a string
  return renderAddress(host, real)
}

function renderAddress(host: string | undefined, port: number): string {
  return `${host?.includes(':') ? `[${host}]` : (host ?? '')}:${port}`
}

function newCounters(log: AccessLog | undefined): Counters {
  return {
    answers: new Map(),
    bytes: 0,
    seconds: 0,
    connections: 0,
    refusedConnections: 0,
    get droppedRecords() {
      return log?.dropped ?? 0
    },
  }
}
