import { errcodeOf } from '../model/errcodes.ts'
import { doNext, type Found, type JournalEntry, type Plan, type PlanMove } from './task-deeds.ts'
import { newPlan } from './task-plan.ts'
import { backFrom, keep } from './task-plan-back.ts'
import { removal } from './task-plan-remove.ts'

/**
 * Takes up what an earlier agent-spawn was killed in the midst of: an uninstall goes on, a new version that had stayed up
 * is kept, and all else goes back (B35, B43); `found` null: it could not be looked. The plan goes on with planStep. Pure.
 */
export function recover(entry: JournalEntry, found: Found | null): PlanMove {
  const plan: Plan = { ...newPlan(entry.name), entry }
  if (entry.to === null) return doNext({ ...plan, mode: 'remove' }, removal(entry))
  if (entry.phase === 'watched') return keep(plan, entry, found)
  const reason = { errcode: errcodeOf('INTERRUPTED'), message: 'bootagent was ended in the midst of it' }
  return backFrom({ ...plan, reason, tried: ['install', 'write-config', 'start'] }, entry, found)
}
