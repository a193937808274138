import type { Round } from '../../model/round.ts'
import type { PeerView } from '../rank-round.ts'
import { DAMPING } from './defaults.ts'

/** One unit measured in this round. */
export interface Seen {
  readonly ip: string
  readonly ok: boolean
  readonly wasUp: boolean
}

/** What this round may be used for. */
export interface Verdict extends Pick<Round, 'up_before' | 'newly_down' | 'mass_rounds' | 'confirmed'> {
  /** Why the published sets and the states of the units stay as they are; null: they need not. */
  readonly held: string | null
  /** What was believed, or explained by one address; null: there was no mass failure. */
  readonly believed: string | null
}

/** Judges a round before anything else is concluded from it (damping 8.2, blindness). */
export function judgeRound(
  seen: readonly Seen[],
  blindReason: string | null,
  massRoundsBefore: number,
  peer: PeerView | null,
): Verdict {
  const up = seen.filter(({ wasUp }) => wasUp)
  const failing = up.filter(({ ok }) => !ok)
  const counts = { up_before: up.length, newly_down: failing.length }
  if (blindReason !== null) return { ...counts, mass_rounds: 0, confirmed: false, held: blindReason, believed: null }
  const share = failing.length / Math.max(1, up.length)
  if (share <= DAMPING.waitShare) return { ...counts, mass_rounds: 0, confirmed: false, held: null, believed: null }
  const numbers = `${failing.length} of ${up.length} units that were up fail in the same round`
  const alone = aloneTo(failing, up.length)
  if (alone !== null) {
    // The write guard counts units as well: it must hear that this share has been explained.
    return { ...counts, mass_rounds: 0, confirmed: true, held: null, believed: `${numbers}, because of ${alone} alone` }
  }
  const mass = massRoundsBefore + 1
  const why = whyBelieved(seen, failing, share, mass, peer)
  const held = why === null ? waitingFor(numbers, seen, share, mass, peer) : null
  const believed = why === null ? null : `${numbers}: believed, ${why}`
  return { ...counts, mass_rounds: mass, confirmed: why !== null, held, believed }
}

/** The one address whose failure explains a round, though it be half of the units; null where it is not just one. */
function aloneTo(failing: readonly Seen[], upBefore: number): string | null {
  const byIp = new Map<string, number>()
  for (const { ip } of failing) byIp.set(ip, (byIp.get(ip) ?? 0) + 1)
  const [worst, most] = [...byIp].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
  return (failing.length - most) / upBefore <= DAMPING.strayShare ? worst : null
}

function whyBelieved(
  seen: readonly Seen[],
  failing: readonly Seen[],
  share: number,
  mass: number,
  peer: PeerView | null,
) {
  if (mass >= roundsToBelieve(seen)) return `it has lasted ${mass} rounds`
  return share <= DAMPING.blindShare && peerAgrees(failing, peer) === true ? 'the peer sees it too' : null
}

function waitingFor(
  numbers: string,
  seen: readonly Seen[],
  share: number,
  mass: number,
  peer: PeerView | null,
): string {
  const limit = share > DAMPING.blindShare ? DAMPING.blindShare : DAMPING.waitShare
  const sees =
    limit === DAMPING.waitShare && peerAgrees(failingOf(seen), peer) === false ? ', the peer does not see it' : ''
  return `${numbers} (more than ${limit * 100} %)${sees}: believed in round ${roundsToBelieve(seen)} of it, this is round ${mass}`
}

function failingOf(seen: readonly Seen[]): readonly Seen[] {
  return seen.filter(({ ok, wasUp }) => wasUp && !ok)
}

function roundsToBelieve(seen: readonly Seen[]): number {
  return seen.some(({ ok }) => ok) ? DAMPING.massRounds : DAMPING.silenceRounds
}

/** Does the peer see most of the failing addresses down, as far as it knows them? undefined: it knows none of them. */
function peerAgrees(failing: readonly Seen[], peer: PeerView | null): boolean | undefined {
  const verdicts = [...new Set(failing.map(({ ip }) => ip))]
    .map(ip => peer?.get(ip))
    .filter(verdict => verdict !== undefined)
  if (verdicts.length === 0) return undefined
  return verdicts.filter(down => down).length / verdicts.length > DAMPING.peerShare
}
