import { isNewerSerial, SERIAL_MOST } from '../model/serial.ts'

/** The SOA serial of a master file (RFC 1035, 5.1), unsigned 32 bit; undefined where the text has none. Pure. */
export function serialOf(text: string): number | undefined {
  const match = /\sSOA\s+\S+\s+\S+\s+\(?\s*(\d{1,10})\b/.exec(text.replace(/;.*$/gm, ''))
  const serial = match === null ? Number.NaN : Number(match[1])
  return serial <= SERIAL_MOST ? serial : undefined
}

/**
 * Of the versions kept beside FILE as FILE.SERIAL, the serials that came before `asked`, the nearest first: RFC 1982
 * arithmetic, so that 4294967295 comes before 7. Pure.
 */
export function serialsBefore(asked: number, file: string, names: readonly string[]): readonly number[] {
  const prefix = `${file}.`
  return names
    .filter(name => name.startsWith(prefix) && /^\d{1,10}$/.test(name.slice(prefix.length)))
    .map(name => Number(name.slice(prefix.length)))
    .filter(serial => serial <= SERIAL_MOST && isNewerSerial(asked, serial))
    .sort((a, b) => (isNewerSerial(a, b) ? -1 : 1))
}
