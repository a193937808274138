import { CommandError } from '../errors.ts'
import { parseAgentText } from '../model/agent-config-parse.ts'
import type { ConfigFile } from './config-dir.ts'

/** The most that is read from standard input, in bytes: a thousand agents of the largest size a file may have. */
const INPUT_LIMIT = 16 * 1024 * 1024

/**
 * Reads agents from standard input: one configuration as a file holds it, or one a line. Throws 'data' for more than
 * 16 MiB, or for nothing at all.
 */
export async function readConfigInput(input: AsyncIterable<Uint8Array>): Promise<readonly ConfigFile[]> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    size += chunk.length
    if (size > INPUT_LIMIT) throw new CommandError('data', `standard input is over ${INPUT_LIMIT} bytes`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString()
  const lines = text
    .split('\n')
    .map((line, i) => ({ line, at: i + 1 }))
    .filter(({ line }) => line.trim() !== '')
  if (lines.length === 0) throw new CommandError('data', 'standard input holds no agent')
  if (lines.length > 1 && lines.every(({ line }) => isObject(line)))
    return lines.map(({ line, at }) => ({ file: `line ${at}`, parsed: parseAgentText(line) }))
  return [{ file: 'standard input', parsed: parseAgentText(text) }]
}

/** Whether a line is whole by itself: a configuration of several lines has none that is. */
function isObject(line: string): boolean {
  return /^\s*\{.*\}\s*$/.test(line)
}
