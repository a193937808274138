import { isIP } from 'node:net'

/** An IP address, without a port. */
export function toAddress(text: string): string {
  if (isIP(text) === 0) throw new Error(`'${text}' is not an IP address`)
  return text
}

/** A mail address `USER@HOST`, or a local `USER`, in ASCII; no comment, no quotes, no list. */
export function toMailAddress(text: string): string {
  if (!/^[\w.!#$%&'*+/=?^`{|}~][\w.!#$%&'*+/=?^`{|}~-]{0,63}(@[A-Za-z0-9]([A-Za-z0-9.-]{0,252}))?$/.test(text)) {
    throw new Error(`'${text}' is not a mail address`)
  }
  return text
}

/** A sender: `USER@HOST`, or `NAME <USER@HOST>`; the name is text without control characters. */
export function toMailSender(text: string): { readonly name: string; readonly address: string } {
  const match = /^([^<>\p{Cc}]*)<([^<>]*)>$/u.exec(text)
  if (match === null) return { name: '', address: toMailAddress(text) }
  return { name: (match[1] ?? '').trim(), address: toMailAddress(match[2] ?? '') }
}

/** A pin as it is given: SHA-256 in hexadecimal or base64, with or without `sha256//` in front; throws a plain Error. */
export function toPin(text: string): string {
  const bare = text.replace(/^sha256(?:\/\/|:)/i, '')
  if (/^[\da-f]{64}$/i.test(bare)) return bare.toLowerCase()
  if (/^[A-Za-z\d+/]{43}=$/.test(bare)) return Buffer.from(bare, 'base64').toString('hex')
  throw new Error(`'${text}' is not the SHA-256 of a public key, in hexadecimal or base64`)
}

/** A SHA-256, 64 hexadecimal digits; in lower case. */
export function toSha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error(`'${text}' is not a SHA-256, 64 hexadecimal digits`)
  return text.toLowerCase()
}
