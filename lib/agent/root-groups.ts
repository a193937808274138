import { readFileSync } from 'node:fs'
import { findLine } from './account.ts'

/**
 * Gives this process, where it is root, the groups of root's login, and so all agents that run as root (B17): they become
 * nobody, and would have those that agent-spawn was started with. Of the files alone, since whoever asks a directory
 * service may wait (B66); where the kernel does not allow it they are as they were.
 */
export function takeRootGroups(): void {
  if (process.geteuid?.() !== 0) return
  try {
    const name = findLine(readFileSync('/etc/passwd', 'utf8'), '0')?.[0] ?? 'root'
    process.setgid?.(0)
    process.setgroups?.([0, ...groupsOf(readFileSync('/etc/group', 'utf8'), name)])
  } catch {
    // A container that may not, or has no such files.
  }
}

/** The numbers of the groups that a user is a member of, by the text of /etc/group. Pure. */
export function groupsOf(text: string, user: string): readonly number[] {
  const numbers = new Set<number>()
  for (const line of text.split('\n')) {
    const [name = '', , number = '', members = ''] = line.split(':')
    if (name !== '' && /^\d+$/.test(number) && members.split(',').includes(user)) numbers.add(Number(number))
  }
  return [...numbers]
}
