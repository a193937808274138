/** The largest SOA serial: they are unsigned, 32 bits. */
export const SERIAL_MOST = 0xffffffff

/** Is `serial` newer than `than` in the serial arithmetic of RFC 1982? Equal and opposite ones are not. */
export function isNewerSerial(serial: number, than: number): boolean {
  const distance = (serial - than) >>> 0
  return distance > 0 && distance < 2 ** 31
}

/**
 * The serial after `old`: the seconds since the epoch where they are newer, else one more (formats 10.4). Never 0,
 * which named takes for "not set". Without an old file, the seconds.
 */
export function nextSerial(nowSeconds: number, old: number | undefined): number {
  const now = Math.floor(nowSeconds) >>> 0
  if (old === undefined || isNewerSerial(now, old)) return now === 0 ? 1 : now
  return (old + 1) >>> 0 || 1
}
