import { spawn } from 'node:child_process'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'

/** What flock(1) ends with when the time is over. */
const TAKEN = 75

/**
 * Holds a lock on the file at `path`, made where it is missing, until the function that comes back is called or this
 * process ends in whatever way: flock(1) holds it for a cat that reads from us. Throws 'again' where another one holds it
 * for more than `seconds`, 'unavailable' without flock, 'io' where the file cannot be opened.
 */
export function holdLock(path: string, seconds: number): Promise<() => void> {
  const busy = new CommandError('again', `'${path}' is locked: another one is at work`)
  return new Promise((resolve, reject) => {
    const args = ['-w', String(seconds), '-E', String(TAKEN), path, 'cat']
    const holder = spawn('flock', args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    let said = ''
    holder.stderr.on('data', chunk => {
      said = (said + chunk).slice(0, 1000)
    })
    holder.stdin.on('error', () => {}) // it has ended, and its status says why
    holder.stdin.write('\n')
    holder.stdout.once('data', () => {
      holder.unref()
      resolve(() => holder.stdin.end())
    })
    holder.on('error', error => {
      if (errnoOf(error) === 'ENOENT') reject(new CommandError('unavailable', "'flock': no such program"))
      else reject(toCommandError("run 'flock'", error))
    })
    holder.on('close', code => {
      const reason = said.trim().split('\n').at(-1)
      reject(code === TAKEN ? busy : new CommandError('io', `unable to lock '${path}': ${reason}`))
    })
  })
}
