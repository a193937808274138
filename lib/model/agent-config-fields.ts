import { nearestOf } from './nearest.ts'

/** What is wrong with one field of a configuration; field '' is the file as a whole (B29). */
export interface ConfigFault {
  readonly field: string
  readonly reason: string
}

/** What a look at one value came to. */
export type Verdict<T> = { readonly value: T } | { readonly reason: string }

/** Looks at one value that is there. */
export type Rule<T> = (value: unknown) => Verdict<T>

/** One object of a configuration, and where its faults are collected. */
export interface Fields {
  readonly values: Readonly<Record<string, unknown>>
  /** `limits.`, or nothing for the outermost. */
  readonly prefix: string
  readonly faults: ConfigFault[]
  readonly warnings: ConfigFault[]
}

/** The longest part of a value that a message repeats, in characters. */
const SHOWN_LIMIT = 40

/** A field that may be left out; a fault also leaves the default. */
export function take<T>(fields: Fields, name: string, rule: Rule<T>, fallback: T): T {
  const value = memberOf(fields, name)
  if (value === undefined) return fallback
  const verdict = rule(value)
  if ('value' in verdict) return verdict.value
  fields.faults.push({ field: fields.prefix + name, reason: verdict.reason })
  return fallback
}

/** A field that must be there; what stands in for it after a fault is never used. */
export function need<T>(fields: Fields, name: string, rule: Rule<T>, standIn: T): T {
  if (memberOf(fields, name) === undefined) fields.faults.push({ field: fields.prefix + name, reason: 'is missing' })
  return take(fields, name, rule, standIn)
}

/** The object in a field that may be left out; null: it is, or it is no object. */
export function takeObject(fields: Fields, name: string): Fields | null {
  const values = take<Fields['values'] | null>(fields, name, toObject, null)
  return values === null ? null : { ...fields, values, prefix: `${fields.prefix}${name}.` }
}

/** Warns of the fields that nobody reads, with the name that was probably meant. */
export function warnOfUnknown(fields: Fields, known: readonly string[]): void {
  for (const name of Object.keys(fields.values)) {
    if (known.includes(name)) continue
    const best = nearestOf(name, known)
    const hint = best === undefined ? '' : ` (did you mean '${best}'?)`
    fields.warnings.push({ field: fields.prefix + plain(name), reason: `unknown field${hint}` })
  }
}

/** Rule: an object. */
export function toObject(value: unknown): Verdict<Readonly<Record<string, unknown>>> {
  return isObject(value) ? { value } : { reason: `must be an object, not ${shown(value)}` }
}

/** A value as a message shows it: as JSON, shortened, without anything that moves a terminal's cursor. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? `"${plain(value)}"` : String(value)
}

/** A text in one line of printable characters, shortened. */
export function plain(text: string): string {
  const short = text.length > SHOWN_LIMIT ? `${text.slice(0, SHOWN_LIMIT)}...` : text
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function memberOf({ values }: Fields, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
