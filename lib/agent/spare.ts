import type { ChildProcess } from 'node:child_process'
import type { Groups } from './cgroup.ts'
import type { OnExit } from './launch.ts'
import type { ProcessId } from './life.ts'
import { spareChain, spareReady } from './spare-chain.ts'
import { spawnChild } from './spawn-agent.ts'

/**
 * A process is made ready when nothing has been started for so long, as it is not to delay what is; where starts do not come to
 * an end, as of an agent that fails at once, so long after the first of them. In milliseconds.
 */
const QUIET_MS = 10
const LATEST_MS = 1000

interface Ready {
  readonly id: ProcessId
  readonly child: ChildProcess
  onExit: OnExit
}

/**
 * A process that waits to become the next agent: forked, in the groups of all agents, and bound to die with agent-spawn. An
 * agent that has ended is back after one exec then, instead of a fork, three of them and, under cgroup version 2, the
 * kernel's wait for all of its forks. There is one, or none for a while: whoever finds none starts an agent as ever.
 */
export class Spare {
  readonly #groups: Pick<Groups, 'procsOf'>
  readonly #taken: Set<number>
  #ready: Ready | null = null
  #timer: NodeJS.Timeout | undefined
  #asked = 0
  #isClosed = false
  readonly #now: () => number

  /** `taken` has its pid while it waits: it is nobody's process to be adopted (B21). `now` in milliseconds. */
  constructor(groups: Pick<Groups, 'procsOf'>, taken: Set<number>, now = () => performance.now()) {
    this.#now = now
    this.#groups = groups
    this.#taken = taken
  }

  /** Something is being started: makes one ready a moment after the last of it, where there is none. */
  renew(): void {
    if (this.#ready !== null || this.#isClosed) return
    const now = this.#now()
    if (this.#timer === undefined) this.#asked = now
    else if (now - this.#asked > LATEST_MS) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#make(), QUIET_MS).unref()
  }

  /** The one that waits, which is the caller's from now on, and not `taken` any more; null: there is none. */
  take(onExit: OnExit): { readonly id: ProcessId; run(commands: string): void } | null {
    const ready = this.#ready
    if (ready === null) return null
    this.#forget(ready)
    ready.onExit = onExit
    return { id: ready.id, run: commands => void ready.child.stdin?.end(commands) }
  }

  /** Ends the one that waits; settles when it has ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    const ready = this.#ready
    if (ready === null) return
    this.#forget(ready)
    await new Promise<void>(resolve => {
      ready.child.once('exit', () => resolve()).ref()
      ready.child.kill('SIGKILL')
    })
  }

  #forget(ready: Ready): void {
    this.#ready = null
    this.#taken.delete(ready.id.pid)
  }

  /** Without one all goes on: what keeps it from being started is told when an agent meets it. */
  #make(): void {
    this.#timer = undefined
    try {
      const commands = spareReady(process.pid, this.#groups.procsOf('', false))
      const ready: Ready = {
        ...spawnChild(spareChain(), {
          env: {},
          stdio: ['pipe', 'ignore', 'ignore'],
          onExit: (code, signal) => ready.onExit(code, signal),
        }),
        onExit: () => this.#forget(ready),
      }
      this.#ready = ready
      this.#taken.add(ready.id.pid)
      ready.child.stdin?.on('error', () => {}) // it has ended, which is told as that
      ready.child.stdin?.write(commands)
    } catch {
      this.#ready = null
    }
  }
}
