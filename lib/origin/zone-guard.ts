import type { AnyhostZone, ZoneBlock } from '../model/anyhost.ts'
import { nameKey } from '../model/names.ts'
import type { Round } from '../model/round.ts'
import type { Built, Change, ChangeCause } from './zone-changes.ts'

/** The limits of the guard (damping 8.3, 8.5), as shares; a limit is passed by what is above it. */
const GUARD = {
  /** Of the units that were up, newly down in one round: above, it waits until it is confirmed. */
  failing: 0.3,
  /** Of the units that were up: above, this host is more likely to be blind. */
  blind: 0.5,
  /** Of the domains, newly on their last resort: above, it waits until it is confirmed. */
  lastResort: 0.2,
  /** Of the installed domains, and more than so many of them. */
  removed: 0.05,
  removedMost: 3,
  /** Of the installed domains, where there are at least so many. */
  edited: 0.3,
  editedLeast: 10,
} as const

/** Which rule refuses. `none` and `cut-short` are judged before the others; `none` is never overridden. */
export type GuardRule = 'none' | 'cut-short' | 'removed' | 'failure' | 'last-resort' | 'edited' | 'serial'

/** One refusal: the limit, the count and the names, in words. */
export interface Refusal {
  readonly rule: GuardRule
  readonly text: string
}

/** What the guard judges. `changes` are those left after clipping. */
export interface Guarded {
  readonly installed: Pick<AnyhostZone, 'blocks'> | null
  readonly built: Built
  readonly changes: readonly Change[]
  /** The closing record of rank-ips; null: the input ended without one. */
  readonly round: Round | null
}

/** Judges a change by its cause (damping 8.3); an empty list lets it pass. Pure. */
export function judge(guarded: Guarded): Refusal[] {
  const { installed, built, round } = guarded
  const cut = cutShort(built, round)
  if (!built.blocks.some(({ lines }) => lines.some(line => line.active))) {
    const told = installed === null ? undefined : cut // where nothing is installed it is a warning of its own
    return [{ rule: 'none', text: told === undefined ? 'no domain is left' : `no domain is left: ${told}` }]
  }
  if (installed === null) return []
  if (cut !== undefined) return [{ rule: 'cut-short', text: cut }]
  return [removed, failure, lastResort, edited].flatMap(rule => rule(guarded, installed.blocks) ?? [])
}

/** Why the rankings are not those of a whole round; undefined where they are. Pure. */
export function cutShort({ rankings }: Built, round: Round | null): string | undefined {
  if (round === null) return 'the input ended without a round record: it was cut short'
  if (round.domains === rankings.length) return undefined
  return `the input was cut short: ${rankings.length} rankings of the ${round.domains} that its round record counts`
}

/** The first 20 of a list of names, and how many there are more. */
export function renderNames(names: readonly string[]): string {
  const more = names.length - NAMES_MOST
  return names.slice(0, NAMES_MOST).join(' ') + (more > 0 ? ` and ${more} more` : '')
}

const NAMES_MOST = 20

type Rule = (guarded: Guarded, installed: readonly ZoneBlock[]) => Refusal | undefined

const removed: Rule = ({ built }, installed) => {
  const kept = new Set([...built.rankings.map(({ domain }) => nameKey(domain)), ...built.generated])
  const names = [...new Set(installed.map(({ owner }) => owner))]
  const gone = names.filter(owner => !kept.has(nameKey(owner)))
  if (gone.length <= GUARD.removedMost || gone.length <= GUARD.removed * names.length) return undefined
  const limit = `more than ${percent(GUARD.removed)} and more than ${GUARD.removedMost}`
  return {
    rule: 'removed',
    text: `${gone.length} of ${names.length} domains are removed, ${limit}: ${renderNames(gone)}`,
  }
}

const edited: Rule = ({ changes }, installed) => {
  const domains = new Set(installed.map(({ owner }) => nameKey(owner))).size
  const names = changes.filter(isOf('edited', 'unexplained', 'added')).map(({ owner }) => owner)
  if (domains < GUARD.editedLeast || names.length <= GUARD.edited * domains) return undefined
  const what = `${names.length} domains are edited, added or changed without a cause on record`
  return {
    rule: 'edited',
    text: `${what}, more than ${percent(GUARD.edited)} of ${domains}: ${renderNames(names)}`,
  }
}

/** Counted in distinct units, for one dead relay can rightly move half of the domains; alone it always may. */
const failure: Rule = ({ built, changes, round }, installed) => {
  const measured = changes.filter(isOf('failure', 'recovery', 'voluntary')).map(({ owner }) => owner)
  if (measured.length === 0 || round === null || round.confirmed) return undefined
  const fallen = fallenAddresses(built, installed)
  const counted = round.up_before > 0
  const [down, up] = counted ? [round.newly_down, round.up_before] : [fallen.down, fallen.up]
  if (down <= GUARD.failing * up || isOneRelay(fallen.down, round)) return undefined
  const blind = down > GUARD.blind * up
  const limit = `more than ${percent(blind ? GUARD.blind : GUARD.failing)}${blind ? ', as if this host were blind' : ''}`
  const what = `${down} of ${up} ${counted ? 'units' : 'published addresses'} that were up are down at once`
  return { rule: 'failure', text: `${what}, ${limit}: ${renderNames(measured)}` }
}

/** Domains with nothing but addresses that are down: the last set that was good, or all there are. */
const lastResort: Rule = ({ built, changes, round }, installed) => {
  if (changes.length === 0 || round === null || round.confirmed) return undefined
  const before = new Set(installed.filter(isLastResort).map(({ owner }) => nameKey(owner)))
  const now = new Set(built.blocks.filter(isLastResort).map(({ owner }) => nameKey(owner)))
  const newly = changes
    .filter(isOf('failure', 'recovery', 'voluntary', 'unexplained'))
    .map(({ owner }) => owner)
    .filter(owner => now.has(nameKey(owner)) && !before.has(nameKey(owner)))
  if (newly.length <= GUARD.lastResort * built.rankings.length) return undefined
  if (isOneRelay(fallenAddresses(built, installed).down, round)) return undefined
  const what = `${newly.length} of ${built.rankings.length} domains are newly on their last resort`
  return { rule: 'last-resort', text: `${what}, more than ${percent(GUARD.lastResort)}: ${renderNames(newly)}` }
}

function isOf(...causes: readonly ChangeCause[]): (change: Change) => boolean {
  return ({ cause, clipped }) => !clipped && causes.includes(cause)
}

/** With a mass failure on record rank-ips has looked at all units, and has not found that it is one relay. */
function isOneRelay(down: number, round: Round): boolean {
  return down === 1 && round.mass_rounds === 0
}

/** Distinct addresses that are installed as answering, and how many of them are down now. */
function fallenAddresses({ rankings }: Built, installed: readonly ZoneBlock[]): { up: number; down: number } {
  const isDown = new Map<string, Set<string>>()
  for (const { domain, addresses } of rankings) {
    const down = addresses.filter(({ status }) => status === 'ip_down').map(({ ip }) => ip)
    if (down.length > 0) isDown.set(nameKey(domain), new Set(down))
  }
  const up = new Set<string>()
  const fallen = new Set<string>()
  for (const { owner, lines } of installed) {
    const down = isDown.get(nameKey(owner))
    for (const line of lines) {
      if (line.rr === 'CNAME' || !line.active || line.measure?.status === 'ip_down') continue
      up.add(line.address)
      if (down?.has(line.address)) fallen.add(line.address)
    }
  }
  return { up: up.size, down: fallen.size }
}

function isLastResort({ lines }: ZoneBlock): boolean {
  const active = lines.filter(line => line.active)
  return active.length > 0 && active.every(line => line.rr !== 'CNAME' && line.measure?.status === 'ip_down')
}

function percent(share: number): string {
  return `${share * 100} %`
}
