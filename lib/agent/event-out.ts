import { fstatSync, type Stats, statSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Event } from '../model/event.ts'

/** What a reader that does not read may have waiting, in bytes; what comes then is counted, and told when it reads on. */
const WAITING_MOST = 1024 * 1024
/** What waits for its reader at the end is given up after so long, in milliseconds. */
const CLOSE_MS = 2000
/** 1, 3 */
const NULL_DEVICE = 0x103

/** Where events go. */
export interface EventOut {
  readonly write: (event: Event) => void
  readonly close: () => void
}

const NOWHERE: EventOut = { write() {}, close() {} }

/**
 * The way out for events on a descriptor, as NDJSON. A reader that stalls or goes never holds the agents up, nor the end:
 * a pipe is written as it takes it, a file at once, and to the null device nothing is written at all; nor to where the log
 * goes (`log`: its file, null: standard error), which tells the same.
 */
export function openEventOut(fd: number, log: string | null): EventOut {
  try {
    const stat = fstatSync(fd)
    if (isSame(stat, log === null ? fstatSync(2) : statSync(log))) return NOWHERE
    if (stat.isFIFO() || stat.isSocket()) return openPipe(fd)
    return stat.isCharacterDevice() && stat.rdev === NULL_DEVICE ? NOWHERE : { write: openFile(fd), close() {} }
  } catch {
    return NOWHERE // closed
  }
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev
}

function openFile(fd: number): (event: Event) => void {
  let isTorn = false
  return event => {
    const line = Buffer.from(`${isTorn ? '\n' : ''}${JSON.stringify(event)}\n`)
    try {
      isTorn = writeSync(fd, line) < line.length
    } catch {
      // A full disk, or a terminal that is gone: the events are kept, and asked for on the control socket.
    }
  }
}

function openPipe(fd: number): EventOut {
  const pipe = new Socket({ fd, readable: false, writable: true })
  let lost = 0
  pipe.on('error', () => pipe.destroy())
  const write = (event: Event) => {
    if (pipe.destroyed) return
    if (pipe.writableLength > WAITING_MOST) {
      lost++
      return
    }
    if (lost > 0)
      pipe.write(`${JSON.stringify({ ...event, kind: 'daemon', message: `${lost} events were not read in time` })}\n`)
    lost = 0
    pipe.write(`${JSON.stringify(event)}\n`)
  }
  const close = () => {
    setTimeout(() => pipe.destroy(), CLOSE_MS).unref() // it comes to that only where something waits yet
  }
  return { write, close }
}
