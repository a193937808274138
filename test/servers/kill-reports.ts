// Kills the reports of the agent-spawn PID with SIGKILL at random moments, one process of each, N times in all. argv: PID N. Ends then, or
//   with 1 after two minutes.
import { allPids, readProc, statOf } from '../../lib/agent/process-id.ts'

const [spawn = 0, kills = 0] = process.argv.slice(2).map(Number)

/** The processes of a session: report-round, and what it is made of. */
function report(): readonly number[] {
  const pids = allPids().filter(
    pid => statOf(pid)?.ppid === spawn && readProc(`/proc/${pid}/comm`) === 'report-round\n',
  )
  return pids.flatMap(round => allPids().filter(pid => statOf(pid)?.session === round))
}

async function sleep(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
}

async function kill(): Promise<boolean> {
  if (report().length === 0) return false
  await sleep(Math.random() * 250)
  const pids = report()
  const pid = pids[Math.floor(Math.random() * pids.length)]
  if (pid === undefined) return false
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false // it has just ended
  }
}

let killed = 0
for (const limit = performance.now() + 120_000; killed < kills && performance.now() < limit; await sleep(5)) {
  if (await kill()) killed++
}
process.stdout.write(`${killed} reports were killed\n`)
process.exitCode = killed < kills ? 1 : 0
