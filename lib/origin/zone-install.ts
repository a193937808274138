import { CommandError } from '../errors.ts'
import { parseAnyhost, renderAnyhost } from '../model/anyhost.ts'
import { replaceFile } from '../sys/atomic-file.ts'
import { runChild } from '../sys/child.ts'
import { readOptional } from '../sys/optional-file.ts'
import { keepVersion, pruneVersions } from '../sys/versions.ts'
import { renderSealed, sealFault } from './zone-checksum.ts'
import type { Installed, Plan } from './zone-plan.ts'

/** How the file is put in place. */
export interface InstallOptions {
  readonly compat: boolean
  /** How many older versions stay beside it. */
  readonly keep: number
  /** The program that looks at the temporary file; null: none. */
  readonly checkzone: string | null
  /** It was asked for by name, so that its absence is an error. */
  readonly checkzoneRequired: boolean
}

/** The installed file, parsed; null where there is none. Its faults are in it. Throws 'io' or 'permission'. */
export async function readInstalled(path: string): Promise<Installed | null> {
  const text = await readOptional(path)
  if (text === null) return null
  const zone = parseAnyhost(text)
  return { zone, seal: sealFault(text, zone) }
}

/**
 * Writes the planned zone over `path` in one step, after named-checkzone has seen it; a new serial keeps the file before
 * as FILE.SERIAL. Returns that version's path. Throws 'data' when the check refuses, 'io' or 'permission'.
 */
export async function installZone(path: string, plan: Plan, installed: Installed | null, options: InstallOptions) {
  // Renewed comments keep the reason of the serial they stand under.
  const reason = plan.reason ?? installed?.zone.end?.reason ?? 'first'
  const text = options.compat ? renderAnyhost({ ...plan, end: null }) : renderSealed(plan, { reason, mass: plan.mass })
  const isNew = installed !== null && installed.zone.serial !== plan.serial
  let previous: string | null = null
  await replaceFile(path, text, {
    verify: temporary => checkZone(temporary, options),
    keep: async target => {
      if (isNew && options.keep > 0) previous = await keepVersion(target, installed.zone.serial)
    },
  })
  await pruneVersions(path, options.keep)
  return previous
}

const CHECK_SECONDS = 60

/** check-names fails as it does for a primary zone, and no name is looked up anywhere else. */
async function checkZone(file: string, { checkzone, checkzoneRequired }: InstallOptions): Promise<void> {
  if (checkzone === null) return
  try {
    const result = await runChild(checkzone, ['-k', 'fail', '-i', 'local', '.', file], { timeout: CHECK_SECONDS })
    if (result.timedOut) throw new CommandError('again', `${checkzone} has not ended after ${CHECK_SECONDS} seconds`)
    if (result.code === 0) return
    throw new CommandError('data', `${checkzone} refuses the zone: ${firstComplaint(result, file)}`)
  } catch (error) {
    if (error instanceof CommandError && error.fault === 'unavailable' && !checkzoneRequired) return
    throw error
  }
}

function firstComplaint({ stdout, stderr, code }: Awaited<ReturnType<typeof runChild>>, file: string): string {
  const [line = `status ${code}`] = `${stdout}\n${stderr}`.split('\n').filter(line => line !== '')
  return line.replace(`${file}:`, 'line ')
}
