import { CommandError } from '../errors.ts'

/** Says that a connection was turned away before a byte of its piece came: there may be too many of them. */
export class TurnedAwayError extends Error {
  override readonly name = 'TurnedAwayError'
  override readonly cause: CommandError

  constructor(cause: CommandError) {
    super(cause.message)
    this.cause = cause
  }
}

/** An error of a connection that brought nothing: a server that is not there for this one may be for the others. */
export function toTurnedAway(error: unknown): unknown {
  const isAway = error instanceof CommandError && (error.fault === 'unavailable' || error.fault === 'permission')
  return isAway ? new TurnedAwayError(error) : error
}

/** How it is done. */
export interface PieceWork<T> {
  readonly fetch: (piece: T) => Promise<void>
  /** Ends what is on its way. */
  readonly stop: () => void
  /** Resolves after a while, longer each time. */
  readonly pause: (times: number) => Promise<void>
}

/** So many times the last connection tries: a server takes a moment to forget the one before. */
const TRIES_MOST = 6

/**
 * Fetches pieces, as many at a time as there are connections. A connection that is turned away leaves its piece to the
 * others; the last one tries again, where any got through. The first that fails otherwise ends it, and is what is told.
 */
export async function fetchPieces<T>(pieces: readonly T[], connections: number, { fetch, stop, pause }: PieceWork<T>) {
  const waiting = [...pieces]
  let working = Math.min(connections, pieces.length)
  let fetched = 0
  const work = async () => {
    let tries = 0
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
      try {
        await fetch(piece)
        fetched += 1
        tries = 0
      } catch (error) {
        if (!(error instanceof TurnedAwayError)) throw error
        tries += 1
        if (working === 1 && (fetched === 0 || tries === TRIES_MOST)) throw error.cause
        waiting.push(piece)
        if (working > 1) break
        await pause(tries)
      }
    }
    working -= 1
  }
  const workers = Array.from({ length: working }, work)
  try {
    await Promise.all(workers)
  } catch (error) {
    waiting.length = 0
    stop()
    await Promise.allSettled(workers)
    throw error
  }
}
