import { type ErrName, errcodeOf } from '../model/errcodes.ts'
import type { CommandEnd } from './task-command.ts'
import type { Answer, Deed } from './task-deeds.ts'

/** What is done with the package of an agent. */
export type PackageDeed = Extract<Deed, { deed: 'install' | 'back' | 'remove-pkg' }>

/** The time of each tool that is run, and of the whole command, in seconds. */
const TOOL_SECONDS = 600
export const PACKAGE_SECONDS = 3600
/**
 * So long another program that holds the package database is waited for, in seconds, and so often a command that was killed
 * is tried: an agent that is to be installed stands still meanwhile, but what was begun has to come to its end.
 */
const PERSEVERANCE = {
  install: { patience: 60, tries: 1 },
  back: { patience: 1800, tries: 3 },
  'remove-pkg': { patience: 600, tries: 3 },
} as const

/** The status with which they say that somebody else holds a lock, or that the time was over. */
export const AGAIN = 75

/** The command of a deed. Pure. */
export function packageCommand(deed: PackageDeed): readonly [string, ...string[]] {
  const time = ['-t', String(TOOL_SECONDS)]
  switch (deed.deed) {
    case 'install':
      return ['install-pkg', ...time, '--', deed.name, deed.version, deed.source]
    case 'back':
      return ['install-pkg', ...time, '--back', '--', deed.name, deed.version]
    case 'remove-pkg':
      return ['remove-pkg', ...time, ...(deed.force ? ['--force'] : []), '--', deed.name]
    default:
      return deed satisfies never
  }
}

/** How long a lock is waited for, in seconds, and how often a command that is killed is tried. Pure. */
export function perseverance({ deed }: PackageDeed): { readonly patience: number; readonly tries: number } {
  return PERSEVERANCE[deed]
}

/** What the command has answered (B44). Pure. */
export function packageAnswer({ deed }: PackageDeed, { status, reason }: CommandEnd): Answer {
  if (status === 0) return { type: 'done' }
  return { type: 'failed', errcode: errcodeOf(errNameOf(deed, status, reason)), message: reason }
}

function errNameOf(deed: PackageDeed['deed'], status: number | null, reason: string): ErrName {
  if (status === AGAIN && /is locked/.test(reason)) return 'LOCKED'
  if (status === 74 && reason.includes('no space left')) return 'NO_SPACE'
  if (deed === 'remove-pkg') return 'REMOVE'
  if (status === 64) return 'BAD_TASK'
  return status === 65 ? 'BAD_PACKAGE' : 'INSTALL'
}
