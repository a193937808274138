import { type ChildProcess, spawn } from 'node:child_process'
import { reasonOf } from '../errors.ts'

/** Whom the service manager watches, and how often it wants to hear of it; `usec` null: it only waits for READY. */
export interface WatchdogPlan {
  readonly socket: string
  /** The main process of the service, in whose name the messages are sent. */
  readonly main: number
  readonly usec: number | null
}

/**
 * What systemd asks for by NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID (B64); null where nobody asks, or where another
 * process than this one (`pid`) and the wrapper that started it (`parent`) is meant.
 */
export function watchdogPlan(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
  parent: number,
): WatchdogPlan | null {
  const socket = env['NOTIFY_SOCKET'] ?? ''
  const main = Number(env['WATCHDOG_PID'] ?? pid)
  if (socket === '' || (main !== pid && main !== parent)) return null
  const usec = Number(env['WATCHDOG_USEC'])
  return { socket, main, usec: Number.isSafeInteger(usec) && usec > 0 ? usec : null }
}

/**
 * Says that the service is up, and then twice in each watchdog interval that the event loop still turns; `warn` gets the
 * first failure of a row. The limit of stopping moves along: a stop takes as long as its agents need, a stalled one does not.
 */
export function startWatchdog(plan: WatchdogPlan, warn: (text: string) => void): { close(): void } {
  const { socket, main, usec } = plan
  const alive = usec === null ? [] : ['WATCHDOG=1', `EXTEND_TIMEOUT_USEC=${usec}`]
  let child: ChildProcess | null = null
  let failing = false

  function ended(reason: string | null): void {
    if (reason !== null && !failing) warn(`unable to notify systemd: ${reason}`)
    failing = reason !== null
  }
  /** One that has not come through by the next is given up: there is never more than one. */
  function tell(words: readonly string[]): void {
    child?.kill('SIGKILL')
    try {
      const env = { NOTIFY_SOCKET: socket, PATH: process.env['PATH'] }
      child = spawn('systemd-notify', [`--pid=${main}`, ...words], { env, stdio: 'ignore' })
      child.unref()
      child.on('error', error => ended(reasonOf(error)))
      child.on('exit', (code, signal) => ended(code === 0 ? null : `ended with ${signal ?? `status ${code}`}`))
    } catch (caught) {
      ended(reasonOf(caught))
    }
  }

  tell(['READY=1', ...alive])
  const timer = usec === null ? null : setInterval(tell, usec / 2000, alive)
  timer?.unref()
  return {
    close() {
      failing = true // what is cut off here is no failure
      if (timer !== null) clearInterval(timer)
      child?.kill('SIGKILL')
    },
  }
}
