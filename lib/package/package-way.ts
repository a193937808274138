import type { KeptPackage } from '../model/package-state.ts'

/** What the commands of this room are told. */
export interface PackageSettings {
  /** BASE, below which all is kept. */
  readonly base: string
  /** So long each tool may take, in seconds. */
  readonly timeout: number
  readonly warn: (text: string) => void
}

/** One way to install: by a tool, or by unpacking. Each deed can be done again after a kill at any moment. */
export interface PackageWay {
  /** This very version is installed, whole, and in use. */
  readonly isWhole: (kept: KeptPackage) => Promise<boolean>
  /** Installs it over whatever is there; tells what is known of it now. Throws what failed. */
  readonly install: (kept: KeptPackage) => Promise<KeptPackage>
  /** Takes it out of use, and off the host as far as it is not kept; one that is not there is fine. */
  readonly retire: (kept: KeptPackage, force: boolean) => Promise<void>
}
