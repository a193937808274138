import { type ErrName, errcodeOf } from '../model/errcodes.ts'
import type { InstallTask } from '../model/task.ts'
import { configAfter, versionIn, versionOf } from './task-config.ts'
import {
  type Answer,
  type Deed,
  doNext,
  end,
  type Failure,
  type Found,
  failureOf,
  isUp,
  type JournalEntry,
  type Plan,
  type PlanMove,
} from './task-deeds.ts'
import { goBack, leave, upDeeds } from './task-plan-back.ts'

/** Of these packages the tool of the host knows the signature; they are not downloaded by us. */
const REPOSITORY = /^(?:yum|apt):/i

/** What the host has decides whether anything is done at all (B34); then the package is fetched while the old one runs. */
export function fetchOrEnd(plan: Plan, task: InstallTask, found: Found): PlanMove {
  const { name, version, url, checksum, speed } = task
  if (found.state === 'running' && !found.half && versionOf(found) === version && hasVersion(found.config, version))
    return end(plan, { errcode: 0, message: `${version} is installed already, and runs` })
  const config = configAfter(task, found.config)
  if ('errcode' in config) return end(plan, config)
  if (REPOSITORY.test(url)) return change({ ...plan, source: url }, task, found)
  if (checksum === null && !plan.unverified)
    return end(plan, failed('NO_CHECKSUM', "the task has no 'checksum', and nothing unverified is installed"))
  return doNext({ ...plan, mode: 'fetch' }, [{ deed: 'download', name, version, url, checksum, speed }])
}

/** The download has ended: the host is looked at again, for that may have taken long. */
export function fetched(plan: Plan, answer: Answer): PlanMove {
  if (answer.type !== 'file') return end(plan, failureOf(answer, 'file'))
  return doNext({ ...plan, source: answer.path }, [{ deed: 'look', name: plan.name }])
}

/** The old version is stopped, and the new one comes in its place (B35). */
export function change(plan: Plan, task: InstallTask, found: Found): PlanMove {
  const { id, name, version } = task
  const after = configAfter(task, found.config)
  if ('errcode' in after) return end(plan, after)
  const ran = isUp(found.state)
  const entry: JournalEntry = {
    ...{ id, name, from: versionOf(found), to: version, config: found.config, next: after.text, ran },
    foreign: found.version === null && !found.half,
    force: false,
    phase: 'begun',
  }
  const todo: readonly Deed[] = [
    { deed: 'journal', entry },
    { deed: 'stop', name },
    { deed: 'install', name, version, source: plan.source },
    { deed: 'write-config', name, text: after.text },
    { deed: 'reload-agent', name },
    ...(ran || found.state === 'fatal' || after.config.autostart ? upDeeds(name, after.config) : []),
    { deed: 'journal', entry: { ...entry, phase: 'watched' } },
    { deed: 'journal', entry: null },
  ]
  return doNext({ ...plan, mode: 'change', entry, tried: [] }, todo)
}

/** An answer in the midst of the change. */
export function changeStep(plan: Plan, task: InstallTask, answer: Answer): PlanMove {
  const { last, todo, tried, entry } = plan
  if (answer.type === 'done' || (last?.deed === 'journal' && tried.length > 1)) {
    if (todo.length > 0) return doNext(plan, todo)
    return end(plan, {
      errcode: 0,
      message: `${task.version} is installed${tried.includes('watch') ? ', and runs' : ''}`,
    })
  }
  const failure = failureOf(answer, 'done')
  if (last?.deed === 'journal') return leave(plan, failed('JOURNAL', failure.message))
  if (last?.deed !== 'start' && last?.deed !== 'watch') return goBack(plan, failure)
  const isFirst = entry?.from === null && entry.config === null
  return goBack(plan, {
    ...failed(isFirst ? 'NOT_UP' : 'WENT_BACK', `${task.version} did not stay up: ${failure.message}`),
  })
}

function hasVersion(config: string | null, version: string): boolean {
  return config !== null && versionIn(config) === version
}

function failed(name: ErrName, message: string): Failure {
  return { errcode: errcodeOf(name), message }
}
