import type { NamedTask, Queue } from './tasks.ts'

/** So many agents at most are started, stopped or configured by tasks at a time. */
export const PROGRAMS_MOST = 8

/** Only one of these is done at a time, so that downloads never overlap, nor package tools (B39). */
export function isAlone({ action }: NamedTask): boolean {
  return action === 'install' || action === 'upgrade' || action === 'uninstall'
}

/**
 * The first of the waiting tasks that may be begun now; null: none. Before it there is no task of the same agent; an
 * install, upgrade or uninstall waits for the one that is being done, all else goes ahead of those (B39).
 */
export function nextTask({ waiting, running }: Queue): NamedTask | null {
  const busy = new Set(running.map(({ name }) => name))
  const hasAlone = running.some(({ alone }) => alone)
  const programs = running.filter(({ alone, name }) => !alone && name !== null).length
  for (const task of waiting) {
    const blocked = isAlone(task) ? hasAlone : programs >= PROGRAMS_MOST
    if (!blocked && !busy.has(task.name)) return task
    busy.add(task.name)
  }
  return null
}
