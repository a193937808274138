import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../errors.ts'
import type { DaemonPlace } from './ctl-ask.ts'
import type { CtlOut } from './ctl-call.ts'

/** What is said of a name that is no agent's; a file of that name has a fault, or was not read yet (B29). */
export function noAgent({ conf }: DaemonPlace, name: string): string {
  const file = join(conf, `${name}.json`)
  const isThere = /^[\w-]+$/.test(name) && existsSync(file)
  return `there is no agent '${name}'${isThere ? `: bootctl config check says what becomes of '${file}'` : ''}`
}

/** Warns of each name that is no agent's; a 'no' each. */
export function warnUnknown(place: DaemonPlace, out: CtlOut, unknown: readonly string[]): readonly Fault[] {
  return unknown.map(name => {
    out.say('warning', noAgent(place, name))
    return 'no'
  })
}
