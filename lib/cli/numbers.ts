/** A whole number from `least` to `most`; decimal digits only, so `1e3`, `0x10` and ` 7` are errors. */
export function toCount(least: number, most: number): (text: string) => number {
  return text => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) throw new Error(`'${text}' is not a whole number from ${least} to ${most}`)
    return value
  }
}

/** A TCP or UDP port, 1 to 65535. */
export const toPort = toCount(1, 65535)

/** Seconds, as decimals (`2.5`) or with a unit `ms`, `s`, `m`, `h` or `d`; from `least` to `most` seconds. */
export function toDuration(least: number, most: number): (text: string) => number {
  return text => {
    const match = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)?$/.exec(text)
    const value = match === null ? Number.NaN : Number(match[1]) * (SECONDS[match[2] ?? 's'] ?? Number.NaN)
    if (!(value >= least && value <= most)) {
      throw new Error(`'${text}' is not a time from ${least} to ${most} seconds (units: ms s m h d)`)
    }
    return value
  }
}

/** Bytes, plain or with a unit `k`, `M` or `G` (powers of 1024); from `least` to `most`. */
export function toBytes(least: number, most: number): (text: string) => number {
  return text => {
    const match = /^(\d{1,12})([kKMG])?$/.exec(text)
    const value = match === null ? Number.NaN : Number(match[1]) * (BYTES[match[2] ?? ''] ?? Number.NaN)
    if (!(value >= least && value <= most)) {
      throw new Error(`'${text}' is not a number of bytes from ${least} to ${most} (units: k M G)`)
    }
    return value
  }
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 }
const BYTES: Readonly<Record<string, number>> = { '': 1, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
