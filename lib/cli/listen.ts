/** Where a server listens: an address, or undefined for all of them, and a port; 0 is any free one. */
export interface ListenAddress {
  readonly host: string | undefined
  readonly port: number
}

/** `ADDR:PORT`, `[IPV6]:PORT`, `:PORT` or `PORT`. */
export function toListenAddress(text: string): ListenAddress {
  const match = /^(?:(?:\[([\da-fA-F:.]+)\]|([^\s:[\]]*)):)?(\d{1,5})$/.exec(text)
  const port = match === null ? Number.NaN : Number(match[3])
  if (!(port <= 65535)) throw new Error(`'${text}' is not an address and a port, ADDR:PORT`)
  return { host: match?.[1] ?? (match?.[2] || undefined), port }
}
