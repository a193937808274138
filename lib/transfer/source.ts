import type { Writable } from 'node:stream'

/** What a server says about a file before its bytes come. */
export interface Facts {
  /** In bytes; null where it does not say. */
  readonly size: number | null
  /** Its entity tag or its time, as the server writes it: another one is another file. Null where it does not say. */
  readonly stamp: string | null
  /** It can be read from any place on. */
  readonly ranges: boolean
}

/** A part of a file: from the one byte up to and without the other; null: to its end, wherever that is. */
export interface Range {
  readonly from: number
  readonly to: number | null
}

/** Says that a server that seemed to give parts of a file does not: the whole of it is to be fetched. */
export class NoRangesError extends Error {
  override readonly name = 'NoRangesError'
}

/** One connection to where a file is. Both calls throw a CommandError; what the sink threw comes as it is. */
export interface Source {
  /** Asks about the file; with `ranges`, also whether it can be read from any place on. */
  look(ranges: boolean): Promise<Facts>
  /** Reads one part into the sink and ends it; once. Throws 'data' where the file is not the one of `facts` any more, and NoRangesError. */
  fetch(range: Range, facts: Facts, sink: Writable): Promise<void>
  close(): void
}

/** Opens connections to one file. */
export type Site = () => Source

/** What every connection keeps to. */
export interface Manners {
  /** Seconds: of a connection, and of silence afterwards. */
  readonly timeout: number
  /** Certificates that are trusted instead of those Node ships with, PEM. */
  readonly ca?: string | undefined
  /** A netrc file; absent: that of the home directory, where there is one. */
  readonly netrc?: string | undefined
}
