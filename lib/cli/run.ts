import { writeSync } from 'node:fs'
import pkg from '../../package.json' with { type: 'json' }
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { ErrorRecord } from '../model/error-record.ts'
import { RecordWriter } from '../ndjson/write.ts'
import type { Args, CommandSpec } from './command.ts'
import { EXIT, type ExitStatus } from './exit.ts'
import { renderHelp } from './help.ts'
import { message, setCommandName } from './message.ts'
import { checkValues, sortArgs, toArgs } from './options.ts'

/** A command's body: gets its arguments and the way out for records, returns the exit status; agent-spawn, its child's. */
export type Main<S extends CommandSpec> = (args: Args<S>, out: RecordWriter) => Promise<number>

/**
 * Runs a command: options by its table, then `main` with the records' way out, then the exit status. The only place
 * that sets `process.exitCode`; nobody else calls `process.exit`, which cuts what a pipe has not taken yet. Here nothing
 * is left to be taken, and Node's own way out would give up the signal handlers first: a TERM would kill what has ended.
 */
export function run<const S extends CommandSpec>(spec: S, main: Main<S>): void {
  setCommandName(spec.name)
  void statusOf(spec, main).then(status => {
    process.exitCode = status
    process.once('exit', () => process.exit())
  })
}

async function statusOf<S extends CommandSpec>(spec: S, main: Main<S>): Promise<number> {
  let args: Args<S>
  try {
    const raw = sortArgs(spec, process.argv.slice(2))
    if (raw.values['help'] === true) return print(renderHelp(spec))
    if (raw.values['version'] === true) {
      checkValues(spec, raw) // `show-settings -t` asks for the version with the options of a setting
      return print(`${spec.name} (fleetutils) ${pkg.version}\n`)
    }
    args = toArgs(spec, raw)
  } catch (error) {
    return isClosedOutput(error) ? EXIT.ok : await fail(spec, error, openOut())
  }
  const out = openOut()
  let status: number = EXIT.ok
  try {
    status = await main(args, out)
    await out.flush()
    return status
  } catch (error) {
    return isClosedOutput(error) ? status : await fail(spec, error, out)
  }
}

/** Not before it is needed: opening stdout takes time that `-V` has not, and memory that a daemon has not. */
function openOut(): RecordWriter {
  let isOpen = false
  return new RecordWriter(() => {
    if (!isOpen) process.stdout.on('error', () => {}) // the writer that meets it gets the error
    isOpen = true
    return process.stdout
  })
}

/** Says what failed on stderr and, where records leave by a pipe, as an `error` record for `mail-alert` at its end. */
async function fail(spec: CommandSpec, error: unknown, out: RecordWriter): Promise<ExitStatus> {
  const told = known(error)
  const status = tell(told)
  if (spec.records !== true || process.stdout.isTTY || !(told instanceof Error)) return status
  try {
    const key = told instanceof CommandError ? told.key : undefined
    const record: ErrorRecord = {
      type: 'error',
      command: spec.name,
      level: 'fatal',
      message: told.message,
      ...(key === undefined ? {} : { key }),
      time: new Date().toISOString(),
    }
    await out.write(record)
    await out.flush()
  } catch {
    // The reader has gone: stderr has it.
  }
  return status
}

function tell(error: unknown): ExitStatus {
  const told = known(error)
  if (told instanceof CommandError) {
    message(told.fault === 'usage' ? 'usage' : told.fault === 'bug' ? 'bug' : 'fatal', told.message)
    return EXIT[told.fault]
  }
  message('bug', error instanceof Error ? (error.stack ?? error.message).replaceAll(/\n\s*/g, ' | ') : String(error))
  return EXIT.bug
}

/** A system error in an operator's words, on stderr and in the record alike; anything else as it is. */
function known(error: unknown): unknown {
  return isSystemError(error) ? toCommandError(`${error.syscall}${pathOf(error)}`, error) : error
}

function isSystemError(error: unknown): error is Error & { syscall: unknown } {
  return error instanceof Error && errnoOf(error) !== undefined && 'syscall' in error
}

function pathOf(error: Error): string {
  return 'path' in error ? ` '${String(error.path)}'` : ''
}

/** A reader that closes the pipe early (`| head`) is no error. */
function isClosedOutput(error: unknown): boolean {
  return errnoOf(error) === 'EPIPE' && error instanceof Error && 'syscall' in error && error.syscall === 'write'
}

function print(text: string): ExitStatus {
  writeSync(1, text)
  return EXIT.ok
}
