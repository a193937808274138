import { CommandError, reasonOf } from '../errors.ts'
import type { ControlAnswers, ControlFault, ControlReply, ControlRequest } from '../model/control.ts'
import { type LineServer, listenLines } from '../sys/line-server.ts'
import { parseControlRequest } from './control-request.ts'
import type { DaemonLog } from './daemon-log.ts'

/** The request that asks for one thing. */
type RequestFor<A extends ControlRequest['ask']> = ControlRequest extends infer R
  ? R extends { readonly ask: infer B }
    ? A extends B
      ? R
      : never
    : never
  : never

/** Who answers what is asked; to refuse, it throws a CommandError with the fault 'no', 'data' or 'again'. */
export type ControlHandlers = {
  readonly [A in ControlRequest['ask']]: (request: RequestFor<A>) => ControlAnswers[A] | Promise<ControlAnswers[A]>
}

/** Root's alone. */
const MODE = 0o600
/** A request (B9), and what a client may leave unread: the status of a thousand agents is a tenth of it. */
const REQUEST_MOST = 64 * 1024
const UNREAD_MOST = 8 * 1024 * 1024
const CLIENTS_MOST = 64
const IDLE_SECONDS = 120
const BYTES_PER_SECOND = 1024 * 1024

/**
 * Answers requests on the control socket (B57): one JSON object a line, and one line of answer to each, in order. Throws
 * as `putSocket` does.
 */
export function serveControl(
  path: string,
  handlers: ControlHandlers,
  log: Pick<DaemonLog, 'log'>,
): Promise<LineServer> {
  return listenLines({
    path,
    mode: MODE,
    lineBytes: REQUEST_MOST,
    answerBytes: UNREAD_MOST,
    clients: CLIENTS_MOST,
    idleSeconds: IDLE_SECONDS,
    bytesPerSecond: BYTES_PER_SECOND,
    refuse: (fault, error) => render({ ok: false, fault, error }),
    log: (level, text) => log.log(level, text),
    onLine: async line => {
      try {
        return JSON.stringify({ ok: true, ...(await answerTo(handlers, parseControlRequest(line))) })
      } catch (error) {
        return render(refusalOf(error, log))
      }
    },
  })
}

function answerTo(
  handlers: ControlHandlers,
  request: ControlRequest,
): ControlAnswers[keyof ControlAnswers] | Promise<ControlAnswers[keyof ControlAnswers]> {
  switch (request.ask) {
    case 'status':
      return handlers.status(request)
    case 'start':
    case 'stop':
    case 'restart':
      return handlers[request.ask](request)
    case 'events':
      return handlers.events(request)
    case 'explain':
      return handlers.explain(request)
    case 'config':
      return handlers.config(request)
    case 'setlog':
      return handlers.setlog(request)
    case 'version':
      return handlers.version(request)
    case 'report':
      return handlers.report(request)
    case 'apply':
      return handlers.apply(request)
    case 'sync':
      return handlers.sync(request)
    case 'task':
      return handlers.task(request)
    case 'tasks':
      return handlers.tasks(request)
    default:
      return request satisfies never
  }
}

/** What is no refusal is a fault of ours: it is told here and there, and all else goes on. */
function refusalOf(error: unknown, log: Pick<DaemonLog, 'log'>): ControlReply {
  const text = reasonOf(error)
  if (error instanceof CommandError && isControlFault(error.fault))
    return { ok: false, fault: error.fault, error: text }
  log.log('error', `a request failed: ${text}`)
  return { ok: false, fault: 'again', error: `the request failed: ${text}` }
}

function isControlFault(fault: string): fault is ControlFault {
  return fault === 'no' || fault === 'data' || fault === 'again'
}

function render(reply: ControlReply): string {
  return JSON.stringify(reply)
}
