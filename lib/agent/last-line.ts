import type { DaemonLog } from './daemon-log.ts'

/** What was thrown and where, on one line. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).replaceAll(/\n\s*/g, ' | ') : String(error)
}

/**
 * The last line of defence: what is thrown out of the loop is told in the log, and ends the process with 70, to be started
 * again. To go on would be to stay up with half of what has to be done undone.
 */
export function endByFaults(log: Pick<DaemonLog, 'log'>): { close(): void } {
  const tell = (error: unknown) => {
    log.log('fatal', `bug: ${traceOf(error)}`)
    process.once('exit', () => {
      process.exitCode = BUG
    })
  }
  process.on('uncaughtExceptionMonitor', tell)
  return { close: () => process.off('uncaughtExceptionMonitor', tell) }
}

/** EX_SOFTWARE of sysexits.h. */
const BUG = 70
