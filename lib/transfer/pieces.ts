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

/** An error of a connection that brought nothing: a server that refuses this one, at once, may take the others. */
export function toTurnedAway(error: unknown): unknown {
  if (!(error instanceof CommandError) || / within [\d.]+ seconds$/.test(error.message)) return error
  return error.fault === 'unavailable' || error.fault === 'permission' ? new TurnedAwayError(error) : error
}

/** How it is done. */
export interface PieceWork<T> {
  readonly fetch: (piece: T) => Promise<void>
  /** Ends what is on its way. */
  readonly stop: () => void
  /** Resolves after a while, longer each time. */
  readonly pause: (times: number) => Promise<void>
}

/** So many times the last connection tries: a server takes a moment to forget those before; fewer where none got through. */
const TRIES_MOST = 6
const TRIES_FIRST = 3

/**
 * Fetches pieces, as many at a time as there are connections. A connection that is turned away leaves its piece to the
 * others; the last of several tries again. The first that fails otherwise ends it, and is what is told.
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
        const most = connections === 1 ? 1 : fetched === 0 ? TRIES_FIRST : TRIES_MOST
        if (working === 1 && tries >= most) throw error.cause
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
