import { CommandError, reasonOf } from '../errors.ts'
import { type ErrName, errcodeOf } from '../model/errcodes.ts'
import { configPathOf, removeConfig, writeConfig } from './config-place.ts'
import type { Places } from './places.ts'
import { reloadAgent } from './reload.ts'
import type { RunCommand } from './task-command.ts'
import type { Answer, Deed } from './task-deeds.ts'
import { FETCH_BYTES, FETCH_SECONDS, fetchAnswer, fetchPlace, fetchRequest } from './task-fetch.ts'
import { writeEntry } from './task-journal.ts'
import { lookAt } from './task-look.ts'
import {
  AGAIN,
  PACKAGE_SECONDS,
  type PackageDeed,
  packageAnswer,
  packageCommand,
  perseverance,
} from './task-package.ts'
import { clearAgent, type Movers, startAgent, watchAgent } from './task-process.ts'

/** What the deeds of tasks are done with. */
export interface Doers extends Movers {
  readonly places: Places
  readonly run: RunCommand
}

/** A deed that is answered: all but `finish`. */
export type AnsweredDeed = Exclude<Deed, { deed: 'finish' }>

/** How long until a lock that somebody else holds is asked for again, in milliseconds. */
const AGAIN_MS = 1000

const DONE: Answer = { type: 'done' }

/** Does one thing for a task (B34 to B36), and answers what has come of it; nothing is thrown. */
export async function doDeed(doers: Doers, deed: AnsweredDeed): Promise<Answer> {
  try {
    return await doIt(doers, deed)
  } catch (error) {
    const name = FAULTS[deed.deed] ?? 'INTERNAL'
    return { type: 'failed', errcode: errcodeOf(isFull(error) ? 'NO_SPACE' : name), message: reasonOf(error) }
  }
}

/** What a deed that throws has failed of. */
const FAULTS: Readonly<Partial<Record<Deed['deed'], ErrName>>> = {
  'write-config': 'WRITE',
  'remove-config': 'WRITE',
  'reload-agent': 'BAD_CONFIG',
  download: 'TRANSFER',
  install: 'INSTALL',
  back: 'INSTALL',
  'remove-pkg': 'REMOVE',
  journal: 'JOURNAL',
}

async function doIt(doers: Doers, deed: AnsweredDeed): Promise<Answer> {
  const { supervisor, places } = doers
  switch (deed.deed) {
    case 'look':
      return { type: 'found', found: lookAt(deed.name, supervisor, places) }
    case 'download':
      return await download(doers, deed)
    case 'stop':
      return await clearAgent(doers, deed.name)
    case 'install':
    case 'back':
    case 'remove-pkg':
      return await handlePackage(doers, deed)
    case 'write-config':
      writeConfig(configPathOf(deed.name, supervisor, places), deed.name, deed.text, places.tmp)
      return DONE
    case 'remove-config':
      removeConfig(configPathOf(deed.name, supervisor, places), deed.name)
      return DONE
    case 'reload-agent':
      reloadAgent(configPathOf(deed.name, supervisor, places), deed.name, supervisor)
      return DONE
    case 'start':
      return startAgent(doers, deed.name)
    case 'watch':
      return await watchAgent(doers, deed.name, deed.seconds)
    case 'journal':
      writeEntry(places.journal, places.tmp, deed.entry)
      return DONE
    default:
      return deed satisfies never
  }
}

async function download({ run, places }: Doers, deed: Extract<Deed, { deed: 'download' }>): Promise<Answer> {
  const input = fetchRequest(deed, fetchPlace(places.tmp, deed.name, deed))
  const args = ['-c', '-q', '--max-size', String(FETCH_BYTES)]
  return fetchAnswer(await run('ftp-get', args, { timeout: FETCH_SECONDS, input }))
}

/** Another program that holds the database of packages is waited for, and what has to come to its end is not left killed. */
async function handlePackage({ run, supervisor }: Doers, deed: PackageDeed): Promise<Answer> {
  const [program, ...args] = packageCommand(deed)
  const { patience, tries } = perseverance(deed)
  const until = performance.now() + patience * 1000
  for (let killed = 0; ; ) {
    const end = await run(program, args, { timeout: PACKAGE_SECONDS })
    if (end.status === null) killed++
    const goesOn = end.status === AGAIN ? performance.now() < until : end.status === null && killed < tries
    if (!goesOn || supervisor.stopping) return packageAnswer(deed, end)
    await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
  }
}

function isFull(error: unknown): boolean {
  return error instanceof CommandError && error.message.includes('no space left')
}
