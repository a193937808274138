import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type Fault, toCommandError } from '../errors.ts'
import type { CtlVerb } from './ctl-call.ts'

/** `sha256 [FILE…]`: the sum of each, as sha256sum writes it; `-`, or no file, is standard input (B58). */
export const sha256: CtlVerb = async ({ operands, out }) => {
  const faults: Fault[] = []
  for (const file of operands.length === 0 ? ['-'] : operands) {
    try {
      const sum = await sumOf(file === '-' ? process.stdin : createReadStream(file))
      await out.line(renderSum(sum, file))
    } catch (error) {
      const told = toCommandError(`read '${file}'`, error)
      out.say('warning', told.message)
      faults.push(told.fault)
    }
  }
  return faults
}

/** One line as sha256sum writes it, so that `sha256sum -c` reads it: a name with a backslash or line end is escaped. */
export function renderSum(sum: string, file: string): string {
  const escaped = file.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `${escaped === file ? '' : '\\'}${sum}  ${escaped}`
}

/** In hexadecimal; never more than a chunk of the stream is held. */
async function sumOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}
