import type { ConfFault } from '../model/conf-lines.ts'
import type { DetectorigConf } from '../model/detectorig-conf.ts'
import type { Probe } from '../model/probe.ts'
import type { Round } from '../model/round.ts'
import { probe } from './probe.ts'
import { toControl } from './probe-control.ts'
import { readEarlier } from './probe-earlier.ts'
import { checkOverrides, type InputFiles, type Overrides, type ProbeInput, readConf } from './probe-input.ts'
import { readPublished } from './probe-installed.ts'
import type { ProbeSink } from './probe-sink.ts'
import { sharesOf } from './probe-unit.ts'

export { recordSink, tableSink } from './probe-sink.ts'

/** The most connections at the same time where the command line says nothing. */
const CONNECTIONS = 200

/** The options of the command. */
export interface ProbeArgs extends Overrides, InputFiles {
  readonly timeout: number | undefined
  readonly connections: number | undefined
  readonly rate: number | undefined
  readonly period: number | undefined
  readonly limit: number | undefined
  readonly control: readonly string[]
  readonly linkData: string | undefined
  readonly installed: string | undefined
}

/** Where it is shown how far a round has come. */
export interface ProgressLine {
  readonly show: (text: string) => void
  readonly close: () => void
}

/** A round that is ready to run. */
export interface PreparedRound {
  /** All that is wrong with the input. */
  readonly faults: readonly ConfFault[]
  /** What is to be measured, in one line. */
  readonly summary: string
  readonly run: (sink: ProbeSink, progress: ProgressLine) => Promise<Round>
}

/** Reads all that the round depends on and opens nothing yet. Throws what an unreadable file or a wrong option is. */
export async function prepare(inputs: readonly ProbeInput[], args: ProbeArgs): Promise<PreparedRound> {
  checkOverrides(args)
  const controls = args.control.map(toControl)
  const now = Date.now() / 1000
  const conf = await readConf(inputs, args, now)
  const { targets, others, faults, settings } = conf
  const addresses = targets.reduce((sum, target) => sum + (target.detect ? sharesOf(target).length : 0), 0)
  const connections = args.connections ?? CONNECTIONS
  return {
    faults,
    summary: `${targets.length} domains, ${addresses} addresses to measure`,
    run: async (sink, progress) => {
      const earlier = args.linkData === undefined ? undefined : await readEarlier(args.linkData)
      const isPublished = args.installed === undefined ? () => false : await readPublished(args.installed)
      const options = { ...args, connections, controls, headers: settings.headers, earlier, isPublished, now }
      for (const other of others) await sink.pass(other)
      const probes: Probe[] = []
      const emit: ProbeSink['emit'] = record => {
        if (args.linkData !== undefined && record.type === 'probe') probes.push(record)
        return sink.emit(record)
      }
      const round = await probe(targets, options, { emit, progress: progress.show }).finally(progress.close)
      sink.close()
      if (args.linkData !== undefined) {
        const { writeLinkData } = await import('./probe-link-data.ts')
        await writeLinkData(args.linkData, targets, probes, keepOf(settings))
      }
      return round
    },
  }
}

/** How long link.data files are kept, in seconds (formats, 6). */
function keepOf({ cleanup, savetime }: DetectorigConf): number {
  return cleanup ? savetime : Number.POSITIVE_INFINITY
}
