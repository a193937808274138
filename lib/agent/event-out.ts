import { fstatSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Event } from '../model/event.ts'

/** What a reader that does not read may have waiting, in bytes; what comes then is counted, and told when it reads on. */
const WAITING_MOST = 1024 * 1024

/**
 * The way out for events on a descriptor, as NDJSON. A reader that stalls or goes never holds the agents up: a pipe is
 * written as it takes it, a file at once, and to the null device nothing is written at all.
 */
export function openEventOut(fd: number): (event: Event) => void {
  let stat: ReturnType<typeof fstatSync>
  try {
    stat = fstatSync(fd)
  } catch {
    return () => {} // closed
  }
  if (stat.isFIFO() || stat.isSocket()) return openPipe(fd)
  if (stat.isCharacterDevice() && stat.rdev === NULL_DEVICE) return () => {}
  return event => {
    try {
      writeSync(fd, `${JSON.stringify(event)}\n`)
    } catch {
      // A full disk, or a terminal that is gone: the events are kept, and asked for on the control socket.
    }
  }
}

/** 1, 3 */
const NULL_DEVICE = 0x103

function openPipe(fd: number): (event: Event) => void {
  const pipe = new Socket({ fd, readable: false, writable: true })
  let lost = 0
  pipe.on('error', () => pipe.destroy())
  return event => {
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
}
