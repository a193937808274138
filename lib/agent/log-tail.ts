import { closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs'

/** The size of a file in bytes; 0 where there is none, or it is not to be seen, as with a link to itself. */
export function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    return 0
  }
}

/**
 * The last lines of a log since it was `from` bytes long, and until it had `to`, out of at most so many bytes: the evidence of an
 * end. Where the log was cut off since, what is missing comes from the old file beside it. Never throws: no log is no lines.
 */
export function tailOf(
  path: string,
  from: number,
  to = Number.POSITIVE_INFINITY,
  lines = 5,
  bytes = 1024,
): readonly string[] {
  try {
    const size = sizeOf(path)
    if (size >= from) return lastLines(readEnd(path, from, Math.min(size, Math.max(from, to)), bytes), lines)
    const recent = readEnd(path, 0, to < from ? Math.min(size, to) : size, bytes)
    const old = `${path}.1`
    return lastLines(readEnd(old, 0, sizeOf(old), bytes - recent.length) + recent, lines)
  } catch {
    return []
  }
}

/** A text without what a terminal or a reader of lines would take for more than text. */
export function harmless(text: string): string {
  return text
    .replace(/\x1b\[[0-9;:?]*[ -/]*[@-~]/g, '')
    .replace(/\t/g, ' ')
    .replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '?')
}

/** As latin1, a character a byte, so that what is cut can be put together again; a line that is cut in two is left out. */
function readEnd(path: string, from: number, size: number, bytes: number): string {
  const start = Math.max(from, size - bytes)
  if (size <= start || !existsSync(path)) return ''
  const buffer = Buffer.alloc(size - start)
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, start))
    const cut = start > from ? text.indexOf('\n') : -1
    return cut < 0 || cut === text.length - 1 ? text : text.slice(cut + 1)
  } finally {
    closeSync(fd)
  }
}

function lastLines(text: string, most: number): readonly string[] {
  return Buffer.from(text, 'latin1')
    .toString()
    .split('\n')
    .map(line => harmless(line.trimEnd()))
    .filter(line => line !== '')
    .slice(-most)
}
