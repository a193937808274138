import { stat, utimes } from 'node:fs/promises'
import { type Fault, reasonOf } from '../errors.ts'
import type { ErrorRecord } from '../model/error-record.ts'
import type { Reload } from '../model/zone.ts'
import type { Clock } from '../sys/clock.ts'
import { askSerial, type NamedPlace, pollSerial, type SoaAnswer } from './named-ask.ts'
import { type NamedPrograms, type Told, tellReload, tellService } from './named-command.ts'
import { restorePrevious } from './named-restore.ts'

/** How named is reached, and for how long it is asked, in seconds. */
export interface NamedSettings extends NamedPlace, NamedPrograms {
  readonly timeout: number
  /** Restart it when a reload did not help. */
  readonly restart: boolean
}

/** A zone file to be taken: the part of a `zone` or `fetch` record that matters here. */
export interface ZoneChange {
  readonly file: string
  readonly serial: number
  readonly previous: string | null
}

/** What came of it: the record, and where it failed the fault with the alert that goes with it. */
export interface ReloadOutcome {
  readonly record: Reload
  readonly failure?: { readonly fault: Fault; readonly alert: ErrorRecord }
}

/** A file younger than this was written for this reload. */
const FRESH_SECONDS = 5

/** What named was told last, and what it answered then. */
interface Delivered {
  readonly how: Reload['how']
  readonly told: Told
  readonly answer: SoaAnswer
}

/** How it ended: `failed` is the fault in words; absent, the serial asked for is served. */
interface Ending {
  readonly how: Reload['how']
  readonly answer: SoaAnswer
  readonly failed?: readonly [Fault, string]
}

/**
 * Makes named take a changed file and asks for the serial until it is the one of the file (formats 10.2, 10.3;
 * damping 8.4). A file that named does not take gives way to the one before. Where named could not be told, or does
 * not answer at all, nobody has judged the file: it stays, and named reads it when it starts.
 */
export async function reloadNamed(change: ZoneChange, settings: NamedSettings, clock: Clock): Promise<ReloadOutcome> {
  const from = clock.now()
  const { how, answer, failed } = await judge(change, settings, clock, await deliver(change, settings, clock))
  const record: Reload = {
    type: 'reload',
    file: change.file,
    how,
    asked: change.serial,
    served: answer.kind === 'serial' ? answer.serial : null,
    ok: failed === undefined,
    seconds: Math.round((clock.now() - from) * 1000) / 1000,
    message: failed === undefined ? null : failed[1],
  }
  return failed === undefined ? { record } : { record, failure: toFailure(record, failed, clock.now()) }
}

/** True when named answers with this serial now: asked once, nothing is done. */
export async function isServed(serial: number, settings: NamedSettings): Promise<boolean> {
  return isSerial(await askSerial(settings, settings.timeout), serial)
}

async function deliver(change: ZoneChange, settings: NamedSettings, clock: Clock): Promise<Delivered> {
  await freshen(change.file, clock.now())
  const told = await tellReload(settings, settings.zone)
  const answer = await (told.reached
    ? pollSerial(settings, change.serial, settings.timeout, clock)
    : askSerial(settings, settings.timeout))
  if (!settings.restart || isSerial(answer, change.serial)) return { how: 'reload', told, answer }
  return {
    how: 'restart',
    told: await tellService(settings, 'restart'),
    answer: await pollSerial(settings, change.serial, settings.timeout, clock),
  }
}

async function judge(
  change: ZoneChange,
  settings: NamedSettings,
  clock: Clock,
  { how, told, answer }: Delivered,
): Promise<Ending> {
  if (isSerial(answer, change.serial)) return { how, answer }
  const said = describeAnswer(answer)
  if (!told.reached) {
    return { how, answer, failed: ['unavailable', `unable to ${how} named: ${told.said}; ${said}`] }
  }
  if (answer.kind === 'silent' || answer.kind === 'refused') {
    return { how, answer, failed: ['unavailable', `unable to verify the ${how} of named: ${said}`] }
  }
  const reason = told.said === undefined ? '' : ` (${told.said})`
  const refused = `named does not take serial ${change.serial} of '${change.file}'${reason}, ${said}`
  try {
    const { previous, serial, refused: kept } = await restorePrevious(change.file, change.serial, change.previous)
    await tellReload(settings, settings.zone)
    const after = await pollSerial(settings, serial, settings.timeout, clock)
    const but = isSerial(after, serial) ? '' : `, but then ${describeAnswer(after)}`
    const failed = `${refused}: restored '${previous}'${but} (the refused file is '${kept}')`
    return { how: 'restored', answer: after, failed: ['no', failed] }
  } catch (error) {
    return { how, answer, failed: ['no', `${refused}: ${reasonOf(error)}`] }
  }
}

function isSerial(answer: SoaAnswer, serial: number): boolean {
  return answer.kind === 'serial' && answer.serial === serial
}

function describeAnswer(answer: SoaAnswer): string {
  switch (answer.kind) {
    case 'serial':
      return `it answers with ${answer.serial}`
    case 'unloaded':
    case 'refused':
      return `it answers with ${answer.message}`
    case 'silent':
      return `it does not answer: ${answer.message}`
    default:
      return answer satisfies never
  }
}

/** The same fault of the same file has the same key, whatever the serials are. */
function toFailure(record: Reload, [fault, message]: readonly [Fault, string], now: number) {
  const key = `reload-named ${fault === 'no' ? 'not taken' : 'unavailable'} ${record.file}`
  const time = new Date(now * 1000).toISOString()
  const { file } = record
  const alert: ErrorRecord = {
    type: 'error',
    command: 'reload-named',
    level: 'fatal',
    message,
    key,
    file,
    record,
    time,
  }
  return { fault, alert }
}

/**
 * named skips a file that is not newer than its last load; one that was moved into place may well be older. A file that
 * was written just now keeps its mtime, by which fetch-anyhost knows it as its own.
 */
async function freshen(file: string, now: number): Promise<void> {
  try {
    const { mtimeMs } = await stat(file)
    if (now - mtimeMs / 1000 > FRESH_SECONDS) await utimes(file, now, now)
  } catch {
    // Missing, or not ours to touch: the serial shows whether it mattered.
  }
}
