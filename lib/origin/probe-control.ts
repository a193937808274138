import { connect } from 'node:net'
import { CommandError } from '../errors.ts'

/** A host that must be reachable while this one is fit to judge others: the gateway, the second prober. */
export interface Control {
  /** A name or an address. */
  readonly host: string
  readonly port: number
}

/** `HOST:PORT`, an IPv6 address in brackets; throws a 'usage' CommandError. */
export function toControl(text: string): Control {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || !(port >= 1 && port <= 65535)) {
    throw new CommandError('usage', `option --control: '${text}' is not HOST:PORT`)
  }
  return { host, port }
}

/** True when at least one of the controls takes a connection within `timeout` seconds; also when there are none. */
export async function isAnyReachable(controls: readonly Control[], timeout: number): Promise<boolean> {
  if (controls.length === 0) return true
  const answers = await Promise.all(controls.map(control => isReachable(control, timeout)))
  return answers.includes(true)
}

function isReachable(control: Control, timeout: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(control)
    const end = (reached: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(reached)
    }
    const timer = setTimeout(() => end(false), timeout * 1000)
    socket.once('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}
