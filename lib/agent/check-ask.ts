import { connect, type Socket } from 'node:net'
import { errnoOf, reasonOf } from '../errors.ts'
import type { AgentCheck } from '../model/agent-config.ts'
import { matchFault, shown } from './match.ts'

/** The question, the longest answer in bytes without its line end, and the part of the interval it may take (B26). */
const QUESTION = 'health\r\n'
const ANSWER_MOST = 127
const TIME_SHARE = 0.7

/** All checks read into the same bytes, one at a time: each takes its own out before the next one reads. */
const BUFFER = Buffer.alloc(256)

/**
 * Asks an agent on its Unix socket how it is (B26): `health`, and its answer up to the line end, at most 127 bytes, in
 * 70 % of the interval; `done` gets what is wrong in words, or null, exactly once, and never before this returns.
 * Returns what ends it: `done` is not called then. Never throws.
 */
export function askCheck(check: AgentCheck, done: (fault: string | null) => void): () => void {
  const limit = check.interval * TIME_SHARE
  let answer = ''
  let isOver = false
  let socket: Socket | undefined
  const cancel = () => {
    isOver = true
    clearTimeout(timer)
    socket?.destroy()
  }
  const end = (fault: string | null) => {
    if (isOver) return
    cancel()
    done(fault)
  }
  const timer = setTimeout(() => end(`no answer within ${Math.round(limit * 10) / 10} s`), limit * 1000)
  const onRead = (size: number) => {
    answer += BUFFER.toString('latin1', 0, size)
    const whole = wholeLine(answer)
    if (whole !== null) end(faultOf(check, whole))
    return !isOver
  }
  try {
    socket = connect({ path: check.path, onread: { buffer: BUFFER, callback: onRead } })
    socket.on('error', error => end(connectFault(error, answer)))
    socket.on('end', () => end(closedFault(answer)))
    socket.write(QUESTION)
  } catch (error) {
    setImmediate(() => end(reasonOf(error)))
  }
  return cancel
}

/** The answer, once its end has come or it is too long to be one; as it was read, a character a byte. */
function wholeLine(text: string): string | null {
  const at = text.indexOf('\n')
  if (at >= 0) return text.slice(0, text[at - 1] === '\r' ? at - 1 : at)
  return text.length > ANSWER_MOST + 1 ? text : null
}

function faultOf({ match }: AgentCheck, bytes: string): string | null {
  if (bytes.length > ANSWER_MOST) return `answer is longer than ${ANSWER_MOST} bytes`
  const fault = matchFault(match, Buffer.from(bytes, 'latin1').toString())
  return fault === null ? null : `answer ${fault}`
}

function closedFault(answer: string): string {
  return answer === '' ? 'closed without an answer' : `closed before the end of its answer: ${shown(answer)}`
}

/** Who closes without having read the question is seen as a broken pipe, or a reset. */
function connectFault(error: Error, answer: string): string {
  const code = errnoOf(error)
  if (code === 'EPIPE' || code === 'ECONNRESET') return closedFault(answer)
  return code === 'ENOENT' ? 'no such socket' : reasonOf(error)
}
