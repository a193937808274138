import { CommandError } from '../errors.ts'
import type { AnyhostZone } from '../model/anyhost.ts'
import { activeSets, compareActive } from '../model/anyhost-active.ts'
import { isNewerSerial } from '../model/serial.ts'
import { isLoss, isUpheaval, type Sets } from './cache-limits.ts'
import { lintBlocks } from './zone-lint.ts'

/** The reasons of an end marker that explain a change of any size: the server has confirmed it, or a person forced it. */
const EXPLAINED: readonly (string | null)[] = ['failure', 'forced']

/** What an offered file is judged against. */
export interface Offer {
  readonly offered: AnyhostZone
  /** null: there is none, or it is not valid. */
  readonly installed: AnyhostZone | null
  /** The server stands in for the usual one: its serials need not go on from there. */
  readonly standIn: boolean
  readonly force: boolean
}

/** What may become of a valid file: `same` answers alike, so the installed one stays. */
export type Verdict = 'same' | 'new'

/** Judges an offered file (formats 14); throws 'data' with the first reason against it. Pure. */
export function judgeOffer({ offered, installed, standIn, force }: Offer): Verdict {
  const [fault] = lintBlocks(offered.blocks)
  if (fault !== undefined) throw new CommandError('data', `'${fault.owner}' ${fault.reason}`)
  const now = activeSets(offered)
  const wild = now.get('wild.') ?? ''
  if (!/\bA{1,4} /.test(wild)) throw new CommandError('data', "'wild.' has no active address")
  if (now.size < 2) throw new CommandError('data', "there is no domain besides 'wild.'")
  if (installed === null) return 'new'
  const before = activeSets(installed)
  const changed = compareActive(before, now)
  if (changed.length === 0) return 'same'
  if (force) return 'new'
  if (!isMissed(offered, installed)) {
    refuseLoss(before, now, offered)
    refuseChange(before.size, changed, offered)
  }
  if (!standIn && !isNewerSerial(offered.serial, installed.serial)) {
    throw new CommandError(
      'data',
      `its serial ${offered.serial} is not newer than ${installed.serial}, the installed one`,
    )
  }
  return 'new'
}

/** Did this cache miss the version with the mass change, whose own marker is gone by now? */
function isMissed({ serial, end }: AnyhostZone, installed: AnyhostZone): boolean {
  if (end === null || end.mass === null) return false
  return isNewerSerial(end.mass, installed.serial) && !isNewerSerial(end.mass, serial)
}

function refuseLoss(before: Sets, now: Sets, { end }: AnyhostZone): void {
  if (!isLoss(before, now) || end?.reason === 'forced') return
  throw new CommandError(
    'data',
    `it has ${now.size} domains, the installed file ${before.size}: more than 5 % are gone (--force takes it)`,
  )
}

function refuseChange(size: number, changed: readonly string[], { end }: AnyhostZone): void {
  if (!isUpheaval(size, changed.length) || EXPLAINED.includes(end?.reason ?? null)) return
  const why = end === null ? 'without a reason' : `with the reason '${end.reason}'`
  throw new CommandError(
    'data',
    `${changed.length} of ${size} domains differ ${why}, more than 30 %: ${nameSome(changed)} (--force takes it)`,
  )
}

function nameSome(names: readonly string[]): string {
  const more = names.length - 5
  return names.slice(0, 5).join(' ') + (more > 0 ? ` and ${more} more` : '')
}
