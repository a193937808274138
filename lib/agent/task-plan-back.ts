import type { AgentConfig } from '../model/agent-config.ts'
import { parseAgentText } from '../model/agent-config-parse.ts'
import { errcodeOf } from '../model/errcodes.ts'
import { versionOf } from './task-config.ts'
import {
  type Answer,
  type Deed,
  doNext,
  end,
  type Failure,
  type Found,
  failureOf,
  type JournalEntry,
  type Plan,
  type PlanMove,
} from './task-deeds.ts'

/** Something failed after the first change: what was before is brought back (B35). */
export function goBack(plan: Plan, reason: Failure): PlanMove {
  return doNext({ ...plan, mode: 'look-back', reason }, [{ deed: 'look', name: plan.name }])
}

/** Nothing was changed yet; but half an entry of the journal may be there. */
export function leave(plan: Plan, reason: Failure): PlanMove {
  return doNext({ ...plan, mode: 'back', reason }, [{ deed: 'journal', entry: null }])
}

/** How the host is found says what has to be brought back; null: that is not known, so all that may have been changed. */
export function backFrom(plan: Plan, entry: JournalEntry, found: Found | null): PlanMove {
  const { name, from, to } = entry
  const todo: Deed[] = plan.tried.includes('start') ? [{ deed: 'stop', name }] : []
  const differs = found === null ? from !== to : found.half || (from !== to && versionOf(found) !== from)
  const isReplaced = plan.tried.includes('install') && differs
  if (isReplaced) todo.push(takeBack(entry, found))
  return advance({ ...plan, mode: 'back' }, [...todo, ...runWith(plan, entry, entry.config, found)])
}

/**
 * The version before comes back; where there was none, the new one goes. So does an archive that stands beside a program which
 * was installed by others; their rpm or deb, which ours has replaced, cannot be had again, and is not to be removed.
 */
function takeBack({ name, from, to, foreign }: JournalEntry, found: Found | null): Deed {
  const isBeside = foreign && found?.how === 'tar'
  if (from === null || to === null || isBeside) return { deed: 'remove-pkg', name, force: true }
  return { deed: 'back', name, version: to }
}

/** An answer on the way back: what fails is remembered, and all else is done nevertheless. */
export function backStep(plan: Plan, answer: Answer): PlanMove {
  const { last, todo } = plan
  if (answer.type === 'done' || last?.deed === 'journal') return advance(plan, todo)
  const failed: Plan = { ...plan, trouble: plan.trouble ?? failureOf(answer, 'done') }
  if (last?.deed === 'back') return doNext({ ...failed, mode: 'look-stay' }, [{ deed: 'look', name: plan.name }])
  const rest = last?.deed === 'start' ? todo.filter(({ deed }) => deed !== 'watch') : todo
  return advance(failed, rest)
}

/** The old package cannot be brought back: what is there has to run, with the configuration that fits it. */
export function stayWith(plan: Plan, entry: JournalEntry, found: Found | null): PlanMove {
  const isOld = found === null ? !plan.tried.includes('write-config') : !found.half && versionOf(found) === entry.from
  return advance({ ...plan, mode: 'back' }, runWith(plan, entry, isOld ? entry.config : entry.next, found))
}

/** The new version had stayed up: it runs again. */
export function keep(plan: Plan, entry: JournalEntry, found: Found | null): PlanMove {
  return advance({ ...plan, mode: 'back' }, runWith(plan, entry, entry.next, found))
}

function advance(plan: Plan, todo: readonly Deed[]): PlanMove {
  return todo.length === 0 ? end(plan, verdict(plan)) : doNext(plan, todo)
}

/** One of the two configurations comes into force, and the agent runs if it ran before. */
function runWith(plan: Plan, entry: JournalEntry, text: string | null, found: Found | null): readonly Deed[] {
  const { name } = entry
  const todo: Deed[] = []
  if (plan.tried.includes('write-config') || text !== entry.config) {
    if (found === null || found.config !== text)
      todo.push(text === null ? { deed: 'remove-config', name } : { deed: 'write-config', name, text })
    todo.push({ deed: 'reload-agent', name })
  }
  const config = text === null ? null : parseAgentText(text).config
  const isAutostart = plan.task === null && config?.autostart === true
  if (text !== null && (entry.ran || isAutostart)) todo.push(...upDeeds(name, config))
  return [...todo, { deed: 'journal', entry: null }]
}

/** It is started, and has to stay up. */
export function upDeeds(name: string, config: AgentConfig | null): readonly Deed[] {
  return [
    { deed: 'start', name },
    { deed: 'watch', name, seconds: Math.max(1, config?.startsecs ?? 0) },
  ]
}

/** Without a reason to go back the new version was kept. */
function verdict({ entry, reason, trouble, tried }: Plan): Failure {
  if (reason === null) {
    const kept = `${entry?.to ?? 'it'} is installed; bootagent was ended right after`
    if (trouble === null) return { errcode: 0, message: kept }
    return { errcode: errcodeOf('NOT_UP'), message: `${kept}: ${trouble.message}` }
  }
  if (!tried.includes('stop')) return reason
  const { errcode, message } = reason
  const before = entry?.from ?? null
  const old = before ?? (entry?.config === null ? null : 'what was before')
  if (trouble === null)
    return { errcode, message: `${message}; ${old === null ? 'nothing of it is left' : `${old} is back`}` }
  const what = old === null ? 'what there is of it could not be removed' : `${old} could not be brought back`
  return { errcode: errcodeOf('NOT_BACK'), message: `${message}; ${what}: ${trouble.message}` }
}
