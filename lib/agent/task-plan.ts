import type { InstallTask, UninstallTask } from '../model/task.ts'
import { type Answer, doNext, end, type Found, failureOf, type Plan, type PlanMove } from './task-deeds.ts'
import { backFrom, backStep, stayWith } from './task-plan-back.ts'
import { change, changeStep, fetched, fetchOrEnd } from './task-plan-change.ts'
import { removeOrEnd, removeStep } from './task-plan-remove.ts'

/** An install, upgrade or uninstall begins; `unverified`: a package without a checksum is installed. Pure. */
export function beginPlan(task: InstallTask | UninstallTask, unverified: boolean): PlanMove {
  return doNext({ ...newPlan(task.name), task, unverified }, [{ deed: 'look', name: task.name }])
}

/** A plan of which nothing is known but the agent. */
export function newPlan(name: string): Plan {
  return {
    ...{ task: null, name, mode: 'look', unverified: false, source: '', entry: null },
    ...{ last: null, todo: [], tried: [], reason: null, trouble: null },
  }
}

/** What is done next, after the answer to the last deed (B34 to B36); the plan is over with `finish`. Pure. */
export function planStep(plan: Plan, answer: Answer): PlanMove {
  const { entry, mode, task } = plan
  if (task !== null && (mode === 'look' || (mode === 'fetch' && plan.last?.deed === 'look')))
    return answer.type === 'found' ? looked(plan, task, answer.found) : end(plan, failureOf(answer, 'found'))
  if (mode === 'fetch') return fetched(plan, answer)
  if (mode === 'change' && task !== null && task.action !== 'uninstall') return changeStep(plan, task, answer)
  if (entry === null) return end(plan, failureOf(answer, 'found'))
  const found = answer.type === 'found' ? answer.found : null
  if (mode === 'look-back') return backFrom(plan, entry, found)
  if (mode === 'look-stay') return stayWith(plan, entry, found)
  return mode === 'back' ? backStep(plan, answer) : removeStep(plan, entry, answer)
}

function looked(plan: Plan, task: InstallTask | UninstallTask, found: Found): PlanMove {
  if (task.action === 'uninstall') return removeOrEnd(plan, task, found)
  return plan.mode === 'look' ? fetchOrEnd(plan, task, found) : change(plan, task, found)
}
