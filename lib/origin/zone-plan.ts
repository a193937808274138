import type { ParsedAnyhost, ZoneBlock } from '../model/anyhost.ts'
import { activeSets, publishedDown } from '../model/anyhost-active.ts'
import { nameKey } from '../model/names.ts'
import type { Ranking } from '../model/ranking.ts'
import type { Round } from '../model/round.ts'
import { isNewerSerial, nextSerial } from '../model/serial.ts'
import type { ZoneReason } from '../model/zone.ts'
import { isPastLimits } from './cache-limits.ts'
import { toBlocks } from './zone-build.ts'
import { type Built, type Change, clip, findChanges, keepClipped } from './zone-changes.ts'
import { cutShort, judge, type Refusal, renderNames } from './zone-guard.ts'
import { type LintFault, lintBlocks, lintLegacy, lintSilence } from './zone-lint.ts'
import { hiddenWildcards, wildcardBlocks } from './zone-wildcards.ts'

/** How the zone is made. */
export interface PlanOptions {
  /** As version 3.3 did: always written, no guard, no damping, no end marker. */
  readonly compat: boolean
  /** Overrides every refusal but that of an empty zone. */
  readonly force: boolean
  /** Add a `*.` CNAME for each node that hides a wildcard. */
  readonly wildcards: boolean
  /** Renew the comment lines where nothing else changed. */
  readonly comments: boolean
  /** The serial to use; undefined: the next. */
  readonly serial: number | undefined
}

/** What there is to make it from. */
export interface PlanInput {
  readonly rankings: readonly Ranking[]
  /** The closing record of rank-ips; null: the input ended without one. */
  readonly round: Round | null
  readonly installed: Installed | null
  /** Seconds since the epoch. */
  readonly now: number
}

/** The file in force. */
export interface Installed {
  readonly zone: ParsedAnyhost
  /** Why it is not as write-anyhost left it: no end marker, or one that does not fit; undefined: it is. */
  readonly seal: string | undefined
}

/** What is to be done. `comments`: the same answers and serial, new comment lines. */
export interface Plan {
  readonly action: 'write' | 'comments' | 'keep'
  readonly serial: number
  readonly blocks: readonly ZoneBlock[]
  readonly reason: ZoneReason | null
  /** The serial of the last version whose change was past the limits of the caches; null: none that is known. */
  readonly mass: number | null
  readonly changes: readonly Change[]
  /** Faults of the zone that was built: it cannot be published, forced or not. */
  readonly faults: readonly LintFault[]
  /** What the guard says, and does not let pass. */
  readonly refusals: readonly Refusal[]
  /** What an operator should know although it goes on. */
  readonly warnings: readonly string[]
}

/** Decides what becomes of the zone file: build, lint, compare, guard (damping 8.3). Pure. */
export function planZone(input: PlanInput, options: PlanOptions): Plan {
  const built = build(input.rankings, options)
  if (options.compat) return legacyPlan(input, built, options)
  const { installed, round, rankings } = input
  const found = installed === null ? [] : findChanges(installed.zone, built)
  const changes = options.force ? found : clip(found, rankings.length)
  const blocks = installed === null ? built.blocks : keepClipped(built.blocks, installed.zone, changes)
  const action = actionOf(input, changes, blocks, options)
  const judged = judge({ installed: installed?.zone ?? null, built, changes, round })
  const all = [...judged, ...serialRefusal(installed, options)].filter(({ rule }) => {
    return action === 'write' || rule === 'none' || rule === 'cut-short'
  })
  const refusals = options.force ? all.filter(({ rule }) => rule === 'none') : all
  const overridden = all.filter(refusal => !refusals.includes(refusal))
  const serial = installed === null || action === 'write' ? nextOf(input, options) : installed.zone.serial
  const isMass = action === 'write' && isMassChange(installed, blocks)
  return {
    action,
    serial,
    blocks,
    reason: action === 'write' ? reasonOf(input, changes, overridden.length > 0) : null,
    mass: isMass ? serial : (installed?.zone.end?.mass ?? null),
    changes,
    faults: isBlind(input, options) ? [] : [...lintBlocks(blocks), ...lintSilence(rankings, blocks)],
    refusals,
    warnings: [...warningsOf(input, built, action, options), ...overridden.map(({ text }) => `--force: ${text}`)],
  }
}

function build(rankings: readonly Ranking[], { wildcards, compat }: PlanOptions): Built & { hidden: string[] } {
  const blocks = toBlocks(rankings)
  const hidden = compat ? [] : hiddenWildcards(blocks)
  const added = wildcards ? wildcardBlocks(hidden) : []
  const generated = new Set(added.map(({ owner }) => nameKey(owner)))
  return { rankings, blocks: [...blocks, ...added], generated, hidden: hidden.map(({ node }) => node) }
}

function legacyPlan(input: PlanInput, built: Built, options: PlanOptions): Plan {
  const { blocks } = built
  return {
    action: 'write',
    serial: options.serial ?? Math.floor(input.now) >>> 0,
    blocks,
    reason: null,
    mass: null,
    changes: input.installed === null ? [] : findChanges(input.installed.zone, built),
    faults: [...lintBlocks(blocks), ...lintLegacy(blocks)],
    refusals: judge({ installed: null, built, changes: [], round: input.round }),
    warnings: [],
  }
}

function actionOf(
  input: PlanInput,
  changes: readonly Change[],
  blocks: readonly ZoneBlock[],
  options: PlanOptions,
): Plan['action'] {
  const { installed } = input
  if (isBlind(input, options)) return 'keep'
  if (installed === null || changes.some(({ clipped }) => !clipped)) return 'write'
  // A last resort answers as before when it goes down or comes back, and what monitors read must say so.
  const sameDown = publishedDown(installed.zone).symmetricDifference(publishedDown({ blocks })).size === 0
  return options.comments || installed.seal !== undefined || !sameDown ? 'comments' : 'keep'
}

/** A first file changes all that the caches may have from an earlier one. */
function isMassChange(installed: Installed | null, blocks: readonly ZoneBlock[]): boolean {
  return installed === null || isPastLimits(activeSets(installed.zone), activeSets({ blocks }))
}

function isBlind({ round }: PlanInput, { force }: PlanOptions): boolean {
  return round?.blind === true && !force
}

function nextOf({ installed, now }: PlanInput, { serial }: PlanOptions): number {
  return serial ?? nextSerial(now, installed?.zone.serial)
}

function serialRefusal(installed: Installed | null, { serial }: PlanOptions): Refusal[] {
  if (installed === null || serial === undefined || isNewerSerial(serial, installed.zone.serial)) return []
  return [{ rule: 'serial', text: `serial ${serial} is not newer than the installed ${installed.zone.serial}` }]
}

/** The cause that most changed domains have, of those that change now. */
function reasonOf({ installed, round }: PlanInput, changes: readonly Change[], overridden: boolean): ZoneReason {
  if (installed === null) return 'first'
  // neither a damaged file nor a blind round comes here but by force
  if (overridden || installed.zone.faults.length > 0 || round?.blind === true) return 'forced'
  const counts = { failure: 0, recovery: 0, edited: 0, voluntary: 0 }
  for (const { cause, clipped } of changes) {
    if (!clipped) counts[cause === 'failure' || cause === 'recovery' || cause === 'voluntary' ? cause : 'edited']++
  }
  const most = Math.max(...Object.values(counts))
  return (['failure', 'recovery', 'edited', 'voluntary'] as const).find(cause => counts[cause] === most) ?? 'edited'
}

function warningsOf(
  input: PlanInput,
  built: Built & { hidden: string[] },
  action: Plan['action'],
  options: PlanOptions,
) {
  const { installed, round } = input
  const warnings: string[] = []
  if (isBlind(input, options))
    warnings.push(`the round is blind, nothing is written: ${round?.blind_reason ?? 'no reason given'}`)
  const cut = installed === null ? cutShort(built, round) : undefined
  if (cut !== undefined) warnings.push(cut)
  if (installed?.seal !== undefined && installed.zone.end !== null) {
    warnings.push(`the installed file was changed since it was written: ${installed.seal}`)
  }
  if (built.hidden.length > 0 && !options.wildcards && action === 'write') {
    const many = built.hidden.length === 1 ? '1 empty node hides' : `${built.hidden.length} empty nodes hide`
    warnings.push(`${many} a wildcard from the names below, --wildcards mends it: ${renderNames(built.hidden)}`)
  }
  return warnings
}
