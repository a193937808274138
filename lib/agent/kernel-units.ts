import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'

/** The units the kernel counts in. */
export interface KernelUnits {
  /** Ticks a second, of the times in /proc/PID/stat. */
  readonly ticks: number
  /** Bytes of a page. */
  readonly page: number
}

const AT_PAGESZ = 6n
const AT_CLKTCK = 17n

/** What an auxiliary vector (getauxval(3), words of 64 bits) says of the units; what it does not say is 100 and 4096. */
export function unitsOf(auxv: Uint8Array, little = endianness() === 'LE'): KernelUnits {
  const words = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength)
  let ticks = 100
  let page = 4096
  for (let at = 0; at + 16 <= auxv.byteLength; at += 16) {
    const key = words.getBigUint64(at, little)
    if (key === AT_PAGESZ) page = Number(words.getBigUint64(at + 8, little))
    if (key === AT_CLKTCK) ticks = Number(words.getBigUint64(at + 8, little))
  }
  return { ticks, page }
}

let units: KernelUnits | undefined

/** The units of this kernel, read once from /proc/self/auxv: what `getconf CLK_TCK PAGESIZE` says, without a child. */
export function kernelUnits(): KernelUnits {
  units ??= unitsOf(readAuxv())
  return units
}

function readAuxv(): Uint8Array {
  try {
    return readFileSync('/proc/self/auxv')
  } catch {
    return new Uint8Array(0)
  }
}
