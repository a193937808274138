import { errcodeOf } from '../model/errcodes.ts'
import type { UninstallTask } from '../model/task.ts'
import { versionOf } from './task-config.ts'
import {
  type Answer,
  type Deed,
  doNext,
  end,
  type Found,
  failureOf,
  isUp,
  type JournalEntry,
  type Plan,
  type PlanMove,
} from './task-deeds.ts'
import { leave } from './task-plan-back.ts'

/** An uninstall begins, unless there is nothing, or another version (B36). */
export function removeOrEnd(plan: Plan, task: UninstallTask, found: Found): PlanMove {
  const { id, name, version, force } = task
  if (found.version === null && !found.half && found.config === null && found.state === null)
    return end(plan, { errcode: 0, message: 'it is not installed' })
  const present = versionOf(found)
  if (present !== null && present !== version && !force)
    return end(plan, {
      errcode: errcodeOf('OTHER_VERSION'),
      message: `version ${present} is installed, not ${version}`,
    })
  const entry: JournalEntry = {
    ...{ id, name, from: present, to: null, config: found.config, next: null, ran: isUp(found.state) },
    foreign: false,
    force,
    phase: 'begun',
  }
  return doNext({ ...plan, mode: 'remove', entry, tried: [] }, [{ deed: 'journal', entry }, ...removal(entry)])
}

/** All that is left of an agent is removed. */
export function removal({ name, force }: JournalEntry): readonly Deed[] {
  return [
    { deed: 'stop', name },
    { deed: 'remove-pkg', name, force },
    { deed: 'remove-config', name },
    { deed: 'reload-agent', name },
    { deed: 'journal', entry: null },
  ]
}

/** An answer to a step of an uninstall: by force it goes on whatever fails, and tells what failed first. */
export function removeStep(plan: Plan, entry: JournalEntry, answer: Answer): PlanMove {
  const { last, todo, trouble } = plan
  const failure = answer.type === 'done' ? null : failureOf(answer, 'done')
  const isJournal = last?.deed === 'journal'
  if (isJournal && last.entry !== null && failure !== null)
    return leave(plan, { errcode: errcodeOf('JOURNAL'), message: failure.message })
  const after: Plan = { ...plan, trouble: trouble ?? (isJournal ? null : failure) }
  const isGivenUp = failure !== null && !isJournal && !entry.force && trouble === null
  const rest = isGivenUp ? giveUp(entry, last) : todo
  if (rest.length > 0) return doNext(after, rest)
  return end(after, after.trouble ?? { errcode: 0, message: 'it is removed' })
}

/** What is still whole runs again, if it ran. */
function giveUp({ name, ran }: JournalEntry, last: Deed | null): readonly Deed[] {
  const isWhole = last?.deed === 'stop' || last?.deed === 'remove-pkg'
  return [...(ran && isWhole ? [{ deed: 'start', name } as const] : []), { deed: 'journal', entry: null }]
}
