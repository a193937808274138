import type { ConfFault } from '../model/conf-lines.ts'
import type { Round } from '../model/round.ts'
import { probe } from './probe.ts'
import { toControl } from './probe-control.ts'
import { checkOverrides, type Overrides, type ProbeInput, readTargets } from './probe-input.ts'
import type { ProbeSink } from './probe-sink.ts'
import { sharesOf } from './probe-unit.ts'

export { recordSink, tableSink } from './probe-sink.ts'

/** The most connections at the same time where the command line says nothing. */
const CONNECTIONS = 200

/** The options of the command. */
export interface ProbeArgs extends Overrides {
  readonly timeout: number | undefined
  readonly connections: number | undefined
  readonly rate: number | undefined
  readonly period: number | undefined
  readonly limit: number | undefined
  readonly control: readonly string[]
}

/** A round that is ready to run. */
export interface PreparedRound {
  /** All that is wrong with the input. */
  readonly faults: readonly ConfFault[]
  /** What is to be measured, in one line. */
  readonly summary: string
  readonly run: (sink: ProbeSink, progress: (text: string) => void) => Promise<Round>
}

/** Reads all that the round depends on and opens nothing yet. Throws what an unreadable file or a wrong option is. */
export async function prepare(inputs: readonly ProbeInput[], args: ProbeArgs): Promise<PreparedRound> {
  checkOverrides(args)
  const controls = args.control.map(toControl)
  const now = Date.now() / 1000
  const { targets, faults, others } = await readTargets(inputs, now)
  const addresses = targets.reduce((sum, target) => sum + (target.detect ? sharesOf(target).length : 0), 0)
  const connections = args.connections ?? CONNECTIONS
  return {
    faults,
    summary: `${targets.length} domains, ${addresses} addresses to measure`,
    run: async (sink, progress) => {
      for (const other of others) await sink.pass(other)
      const options = { ...args, connections, controls, headers: [], isPublished: () => false, now }
      return probe(targets, options, { emit: sink.emit, progress })
    },
  }
}
