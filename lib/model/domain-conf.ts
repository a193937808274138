import {
  type ConfFault,
  type ConfLine,
  contentOf,
  fieldsOf,
  isTooLong,
  Remarks,
  TOO_LONG,
  toConfLines,
} from './conf-lines.ts'
import { parseRecordLine } from './domain-conf-record.ts'
import { parseRow, type RowContext } from './domain-conf-row.ts'
import { isShortRow, parseShortRow } from './domain-conf-short.ts'
import { nameKey } from './names.ts'
import type { Target } from './target.ts'

/** What was read of one file, or of several. */
export interface DomainConf {
  /** The records that can be used, in their order; `way` is null. */
  readonly targets: readonly Target[]
  /** All that is wrong, in the order of the lines; a line can have several. */
  readonly faults: readonly ConfFault[]
  /** NDJSON records of other types, to be passed on as they are. */
  readonly others: readonly string[]
}

/** What reading depends on besides the text. */
export interface DomainConfOptions {
  /** Seconds since the epoch: part of the default path (formats 2.4). */
  readonly now: number
  /** The default Host header keeps the final dot of column 1, as the legacy program sent it (formats 2.4). */
  readonly compatHost?: boolean
}

/**
 * Reads domain.conf (formats 2): records of 13, 19, 21, 22 or 23 columns, the short form `domain ip|ip…`, and NDJSON
 * lines. A record with an error is left out, one with a warning stays; of records with the same host the first wins.
 * `file` is null for standard input. It never rejects for what the text holds, only when reading the lines fails.
 */
export async function parseDomainConf(
  input: string | Iterable<ConfLine> | AsyncIterable<ConfLine>,
  file: string | null,
  { now, compatHost = false }: DomainConfOptions,
): Promise<DomainConf> {
  const targets: Target[] = []
  const faults: ConfFault[] = []
  const others: string[] = []
  for await (const { line, text } of typeof input === 'string' ? toConfLines(input) : input) {
    const remarks = new Remarks()
    const parsed = await parseLine(text, { file, line, now, compatHost }, remarks)
    if (typeof parsed === 'string') others.push(parsed)
    else if (parsed !== undefined) targets.push(parsed)
    for (const remark of remarks.list) faults.push({ file, line, ...remark })
  }
  return mergeDomainConfs([{ targets, faults, others }])
}

/** Several files as one: a host that an earlier record has, in any spelling, is an error and is left out. */
export function mergeDomainConfs(confs: readonly DomainConf[]): DomainConf {
  const first = new Map<string, Target>()
  const faults: ConfFault[] = []
  for (const conf of confs) {
    const repeated: ConfFault[] = []
    for (const target of conf.targets) {
      const { domain, file, line } = target
      const before = first.get(nameKey(domain))
      if (before === undefined) first.set(nameKey(domain), target)
      else
        repeated.push({
          file,
          line: line ?? 0,
          severity: 'error',
          reason: `host '${domain}' is already at ${placeOf(before)}`,
        })
    }
    faults.push(...[...conf.faults, ...repeated].sort((one, other) => one.line - other.line))
  }
  return { targets: [...first.values()], faults, others: confs.flatMap(({ others }) => others) }
}

/** A target, the text of a record to be passed on, or undefined: skipped, or an error is in `remarks`. */
async function parseLine(
  text: string | undefined,
  context: RowContext,
  remarks: Remarks,
): Promise<Target | string | undefined> {
  if (text === undefined) return void remarks.error('the line is too long')
  const content = contentOf(text)
  if (content === undefined) return undefined
  if (content.startsWith('{')) {
    const read = await parseRecordLine(content)
    if ('target' in read) return { ...read.target, file: context.file, line: context.line }
    if ('other' in read) return read.other
    for (const fault of read.faults) remarks.error(fault)
    return undefined
  }
  if (isTooLong(text)) return void remarks.error(TOO_LONG)
  const row = { fields: fieldsOf(content), remarks }
  return isShortRow(row.fields) ? parseShortRow(row, context) : parseRow(row, context)
}

function placeOf({ file, line }: Target): string {
  return file === null ? `line ${line}` : `${file}:${line}`
}
