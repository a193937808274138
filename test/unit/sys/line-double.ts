import { connect, type Socket } from 'node:net'

/** A client of a line server, as a test wants it: what it got, and when it was closed. */
export interface Peer {
  readonly socket: Socket
  /** All that came until the end. */
  readonly all: Promise<string>
  /** Settles when so much has come. */
  got(text: string): Promise<void>
}

/** Connects; what it gets is read at once, unless `reads` is false. */
export function peer(path: string, reads = true): Promise<Peer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true })
    let text = ''
    const looks: (() => void)[] = []
    const all = new Promise<string>(done => socket.on('close', () => done(text)))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve({
        socket,
        all,
        got: wanted =>
          new Promise(done => {
            const look = () => text.includes(wanted) && done()
            looks.push(look)
            look()
          }),
      })
    })
    if (!reads) return
    socket.setEncoding('utf8').on('data', chunk => {
      text += chunk
      for (const look of looks) look()
    })
    socket.on('end', () => socket.end())
  })
}
