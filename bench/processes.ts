import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'

/** What all of a supervisor's own processes take together: KB, and seconds of CPU since each began. */
export interface Footprint {
  readonly processes: number
  readonly anon: number
  readonly pss: number
  readonly cpu: number
}

/** The text of a file of /proc; empty where the process has gone. */
function look(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The numbers of all processes. */
function allPids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** The words of a process's command line with a blank between them; empty where it has gone. */
export function commandOf(pid: number): string {
  return look(`/proc/${pid}/cmdline`).replace(/\0$/, '').replaceAll('\0', ' ')
}

/** The fields of /proc/PID/stat from the third on: [0] is the state, [1] the parent. */
function statOf(pid: number): readonly string[] {
  const text = look(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** The process and all that came from it, but for the agents and what came from those. */
export function ownProcesses(root: number, isAgent: (command: string) => boolean): number[] {
  const children = new Map<number, number[]>()
  for (const pid of allPids()) {
    const parent = Number(statOf(pid)[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const own: number[] = []
  const rest = [root]
  for (let pid = rest.pop(); pid !== undefined; pid = rest.pop()) {
    own.push(pid)
    rest.push(...(children.get(pid) ?? []).filter(child => !isAgent(commandOf(child))))
  }
  return own
}

/** What these processes take now. */
export function footprintOf(pids: readonly number[]): Footprint {
  const sum = (each: (pid: number) => number) => pids.reduce((all, pid) => all + each(pid), 0)
  return {
    processes: pids.length,
    anon: sum(pid => Number(/^RssAnon:\s+(\d+)/m.exec(look(`/proc/${pid}/status`))?.[1] ?? 0)),
    pss: sum(pid => Number(/^Pss:\s+(\d+)/m.exec(look(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)),
    cpu: sum(cpuOf),
  }
}

/** Its own threads' by the scheduler's clock (ticks of 10 ms would hide a hundred small processes), its ended children's by ticks. */
function cpuOf(pid: number): number {
  const stat = statOf(pid)
  if (stat.length < 15) return 0 // it has gone
  const threads = tasksOf(pid).map(task => look(`/proc/${pid}/task/${task}/schedstat`))
  const own = threads.reduce((all, text) => all + Number(text.split(' ')[0]) / 1e9, 0)
  return own + (Number(stat[13]) + Number(stat[14])) / 100
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** Finds which of some command lines have a process; a process seen once is not looked at again. */
export function watchFor(commands: ReadonlySet<string>) {
  const pids = new Map<string, number>()
  const seen = new Set<number>()
  return {
    pids,
    /** True when every command runs. */
    look(): boolean {
      for (const pid of allPids()) {
        if (seen.has(pid)) continue
        const command = commandOf(pid)
        if (!commands.has(command)) continue
        seen.add(pid)
        pids.set(command, pid)
      }
      return pids.size === commands.size
    },
  }
}

/**
 * Ms from SIGKILL of a process until another has its command line, and how often was looked meanwhile. The other one is new,
 * or came of the same parent and was no agent before: it had been kept ready.
 */
export function timeRestart(
  pid: number,
  limitMs: number,
  isAgent: (command: string) => boolean,
): { ms: number; looks: number; pid: number } {
  const command = commandOf(pid)
  const load = openSync('/proc/loadavg', 'r')
  const buffer = Buffer.alloc(128)
  // The last number is the pid given last: what came after the kill has one behind that.
  const newest = () => Number(buffer.toString('latin1', 0, readSync(load, buffer, 0, buffer.length, 0)).split(' ')[4])
  const before = newest()
  const ready = siblings(pid).filter(one => !isAgent(commandOf(one)))
  const started = performance.now()
  process.kill(pid, 'SIGKILL')
  try {
    for (let looks = 1; ; looks++) {
      const next = [...ready, ...pidsBetween(before, newest())].find(one => commandOf(one) === command)
      const ms = performance.now() - started
      if (next !== undefined) return { ms, looks, pid: next }
      if (ms > limitMs) throw new Error(`'${command}' was not started again within ${limitMs} ms`)
    }
  } finally {
    closeSync(load)
  }
}

/** What the parent of a process has beside it. */
function siblings(pid: number): number[] {
  const parent = statOf(pid)[1]
  return look(`/proc/${parent}/task/${parent}/children`).split(' ').filter(Boolean).map(Number)
}

const FIRST_PID = 300 // where the kernel begins again after the largest

function pidsBetween(before: number, last: number): number[] {
  const most = last < before ? Number(look('/proc/sys/kernel/pid_max')) - 1 : last
  const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  return last < before ? [...range(before + 1, most), ...range(FIRST_PID, last)] : range(before + 1, last)
}
