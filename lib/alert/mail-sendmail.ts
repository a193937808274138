import { CommandError, type Fault } from '../errors.ts'
import { runChild } from '../sys/child.ts'
import { toOneLine } from './alert.ts'
import type { Mail } from './mail-message.ts'

/** Exit statuses of sendmail programs (sysexits.h) that say more than "not now": addresses or text are at fault. */
const REFUSED = new Set([64, 65, 67, 68])

/**
 * Hands the mail to a sendmail program; `--` keeps an address from being an option. Throws 'unavailable' when it is
 * missing or fails, 'again' at a temporary failure or the time limit, 'no' when it refuses the mail.
 */
export async function sendBySendmail(program: string, mail: Mail, seconds: number): Promise<void> {
  const args = ['-i', '-f', mail.from, '--', ...mail.to]
  const input = mail.message.toString('latin1') // pure ASCII: nodemailer has encoded all else
  const { code, signal, timedOut, stderr, stdout } = await runChild(program, args, { timeout: seconds, input })
  if (code === 0) return
  const said = toOneLine((stderr.trim() || stdout.trim()).split('\n')[0] ?? '', 300)
  const how = timedOut ? `took more than ${seconds} s` : `ended with ${code ?? signal}`
  throw new CommandError(faultOf(code, timedOut), `'${program}' ${how}${said === '' ? '' : `: ${said}`}`)
}

function faultOf(code: number | null, timedOut: boolean): Fault {
  if (timedOut || code === 75) return 'again'
  if (code === 77) return 'permission'
  return code !== null && REFUSED.has(code) ? 'no' : 'unavailable'
}
