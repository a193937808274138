import { join } from 'node:path'

/** What of a package-state record says what is installed. */
export interface Installed {
  /** The version that is there; null: none. */
  readonly version: string | null
  /** A change of it was begun and has not come to its end. */
  readonly half: boolean
  /** By which tool; null: nothing is there, or that is not known. */
  readonly how: string | null
}

/** Where below BASE the package-state record of an agent stands. */
export function packageStatePath(base: string, name: string): string {
  return join(base, 'packages', `${name}.json`)
}

/** Reads what is installed from a package-state record; null: it is none. */
export function parseInstalled(text: string): Installed | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || !('version' in value) || !('begun' in value)) return null
  const { version, begun } = value
  if (version !== null && typeof version !== 'string') return null
  const half = begun !== null
  return { version, half, how: 'kept' in value ? howOf(value.kept, half ? begun : version) : null }
}

function howOf(kept: unknown, version: unknown): string | null {
  const list: readonly unknown[] = Array.isArray(kept) ? kept : []
  for (const one of list) {
    if (typeof one !== 'object' || one === null || !('version' in one) || !('how' in one)) continue
    if (one.version === version && typeof one.how === 'string') return one.how
  }
  return null
}
