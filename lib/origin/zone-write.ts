import { CommandError } from '../errors.ts'
import { countRecords } from '../model/anyhost-active.ts'
import type { Zone } from '../model/zone.ts'
import { resolveLinks } from '../sys/atomic-file.ts'
import type { ReadRankings } from './read-rankings.ts'
import { renderDifference } from './zone-difference.ts'
import { type InstallOptions, installZone, readInstalled } from './zone-install.ts'
import type { LintFault } from './zone-lint.ts'
import { type Installed, type Plan, type PlanOptions, planZone } from './zone-plan.ts'

/** How write-anyhost writes. */
export interface WriteOptions extends PlanOptions, InstallOptions {
  readonly dryRun: boolean
  /** Seconds since the epoch. */
  readonly now: number
}

/** What came of it. */
export interface Written {
  readonly plan: Plan
  readonly record: Zone
  /** What is different, for people. */
  readonly difference: () => string
}

/**
 * Plans the zone file of a round and, unless it is a dry run, puts it at `path`. `warn` is told what an operator should
 * know although it goes on. Throws 'no' for a refusal of the guard, 'data' for a zone or an installed file that is bad.
 */
export async function writeZone(
  path: string,
  { rankings, round }: ReadRankings,
  options: WriteOptions,
  warn: (text: string) => void,
): Promise<Written> {
  const target = await resolveLinks(path)
  const installed = await readInstalled(target)
  if (installed !== null && !options.compat) checkInstalled(installed, target, options.force, warn)
  const plan = planZone({ rankings, round, installed, now: options.now }, options)
  plan.warnings.forEach(warn)
  const difference = () => renderDifference(plan, installed?.zone ?? null, rankings)
  if (options.dryRun) return { plan, record: toRecord(plan, target, installed, true, null), difference }
  throwRefusal(plan, target)
  const previous = plan.action === 'keep' ? null : await installZone(target, plan, installed, options)
  return { plan, record: toRecord(plan, target, installed, false, previous), difference }
}

/** Throws what stands against the plan: 'data' for faults of the zone and cut input, 'no' for what the guard says. */
export function throwRefusal({ faults, refusals }: Plan, target: string): void {
  const [first] = refusals
  if (first === undefined && faults.length === 0) return
  const kept = `'${target}' is left as it is`
  if (first === undefined || (faults.length > 0 && first.rule !== 'none')) {
    const key = `write-anyhost ${target}: bad zone`
    throw new CommandError('data', `the zone would be bad, ${kept}: ${renderFaults(faults)}`, { key })
  }
  const rules = refusals.map(({ rule }) => rule)
  const what = refusals.map(({ text }) => text).join('; ')
  const waits = rules.includes('failure') || rules.includes('last-resort')
  const key = `write-anyhost ${target}: ${rules.join(' ')}`
  const release =
    first.rule === 'none' ? 'nothing lets this pass' : `to let it pass: write-anyhost --force -o ${target}`
  const wait = waits ? ', or wait until rank-ips --state believes it' : ''
  throw new CommandError(first.rule === 'cut-short' ? 'data' : 'no', `refused, ${kept}: ${what}; ${release}${wait}`, {
    key,
  })
}

function checkInstalled({ zone }: Installed, target: string, force: boolean, warn: (text: string) => void): void {
  if (zone.faults.length === 0) return
  const faults = zone.faults.slice(0, FAULTS_MOST).map(({ line, reason }) => `line ${line}: ${reason}`)
  const more = zone.faults.length > FAULTS_MOST ? ` and ${zone.faults.length - FAULTS_MOST} more` : ''
  const text = `the installed '${target}' is no zone file: ${faults.join('; ')}${more}`
  if (force) {
    warn(`--force: ${text}`)
    return
  }
  const key = `write-anyhost ${target}: installed file`
  throw new CommandError('data', `${text}; to replace it: write-anyhost --force -o ${target}`, { key })
}

const FAULTS_MOST = 20

function renderFaults(faults: readonly LintFault[]): string {
  const more = faults.length > FAULTS_MOST ? ` and ${faults.length - FAULTS_MOST} more (-n lists them)` : ''
  return (
    faults
      .slice(0, FAULTS_MOST)
      .map(({ owner, reason }) => `${owner} ${reason}`)
      .join('; ') + more
  )
}

function toRecord(
  plan: Plan,
  file: string,
  installed: Installed | null,
  dryRun: boolean,
  previous: string | null,
): Zone {
  // What is kept is what the record counts.
  const kept = plan.action === 'keep'
  const { domains, active } = countRecords({ blocks: kept ? (installed?.zone.blocks ?? []) : plan.blocks })
  const moved = plan.changes.filter(({ clipped }) => !clipped).length
  return {
    type: 'zone',
    file,
    serial: kept ? (installed?.zone.serial ?? 0) : plan.serial,
    domains,
    records: active,
    changed: plan.action === 'write' && (installed === null || moved > 0),
    changed_domains: plan.action === 'write' ? (installed === null ? domains : moved) : 0,
    clipped: plan.action === 'write' ? plan.changes.length - moved : 0,
    reason: plan.reason,
    dry_run: dryRun,
    previous,
  }
}
