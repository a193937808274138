import { join } from 'node:path'

/** What of a package-state record says what is installed. */
export interface Installed {
  /** The version that is there; null: none. */
  readonly version: string | null
  /** A change of it was begun and has not come to its end. */
  readonly half: boolean
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
  return { version, half: begun !== null }
}
