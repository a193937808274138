// A tar archive as no tar would write it: `archive.ts [-n] ENTRY…`, each a JSON object {path, type, mode, link, data, size,
// pax, sum}, to stdout; type as in the header ('0' a file, '1' a hard link, '2' a link, '3' a device, '5' a directory, '6' a
// fifo); size in place of that of the data; pax: an extended header; sum false: a wrong checksum. -n: no end of archive.
const BLOCK = 512

interface Entry {
  readonly path: string
  readonly type?: string
  readonly mode?: number
  readonly link?: string
  readonly data?: string
  readonly size?: number
  readonly pax?: Readonly<Record<string, string>>
  readonly sum?: boolean
}

function toBlocks({ path, type = '0', mode = 0o644, link = '', data = '', size, pax, sum }: Entry): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(path, 0, 100)
  header.write(octal(mode, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(size ?? Buffer.byteLength(data), 11), 124)
  header.write(octal(0, 11), 136)
  header.fill(' ', 148, 156)
  header.write(type, 156)
  header.write(link, 157, 100)
  header.write('ustar\u000000', 257)
  const total = header.reduce((sum, byte) => sum + byte, sum === false ? 1 : 0)
  header.write(`${octal(total, 6)}\0 `, 148)
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(data) / BLOCK) * BLOCK)
  body.write(data)
  const extended = pax === undefined ? [] : [toBlocks({ path: 'pax', type: 'x', data: toPax(pax) })]
  return Buffer.concat([...extended, header, body])
}

function toPax(pax: Readonly<Record<string, string>>): string {
  return Object.entries(pax)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`
      const length = Buffer.byteLength(rest)
      const digits = String(length + String(length).length).length
      return `${length + digits}${rest}`
    })
    .join('')
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

const [first, ...others] = process.argv.slice(2)
const words = first === '-n' ? others : [first ?? '', ...others]
const entries = words.map(word => toBlocks(JSON.parse(word)))
process.stdout.write(Buffer.concat([...entries, Buffer.alloc(first === '-n' ? 0 : 2 * BLOCK)]))
