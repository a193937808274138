import { CommandError, type Fault } from '../errors.ts'
import { lookForAccounts } from './config-account.ts'
import { differenceOf, renderDifference } from './config-difference.ts'
import { type ConfigFile, readConfigDir, renderFault } from './config-dir.ts'
import { reload } from './config-reload.ts'
import { lookAround } from './config-world.ts'
import { askDaemon } from './ctl-ask.ts'
import type { CtlCall, CtlVerb } from './ctl-call.ts'

/**
 * `config check [DIR]`: every fault of the configurations, then, where agent-spawn runs, what it would do with them when
 * it reads them again (B29, B58). Throws 'config' where the directory cannot be read.
 */
export const checkConfig: CtlVerb = async call => {
  const { place, operands, out } = call
  const files = readConfigDir(operands[0] ?? place.conf)
  const faults: Fault[] = []
  for (const { file, parsed } of files) {
    const { config } = parsed
    const seen = config === null ? [] : [...lookAround(config), ...(await lookForAccounts(config))]
    for (const warning of [...parsed.warnings, ...seen]) out.say('warning', renderFault(file, warning))
    for (const fault of parsed.faults) {
      out.say('fatal', renderFault(file, fault))
      faults.push('config')
    }
  }
  await compare(call, files)
  return faults
}

/** Whether agent-spawn can be asked makes nothing valid or not. */
async function compare({ place, out }: CtlCall, files: readonly ConfigFile[]): Promise<void> {
  try {
    const { agents } = await askDaemon(place, { ask: 'config' })
    const after = reload(
      agents.map(config => ({ file: null, config })),
      files,
    )
    const difference = differenceOf(
      agents,
      after.map(({ config }) => config),
    )
    const lines = renderDifference(difference)
    for (const line of lines) await out.line(line)
    if (lines.length === 0) out.say('info', 'no difference to what agent-spawn runs')
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (error.fault === 'unavailable') out.say('info', 'agent-spawn is not running: nothing to compare with')
    else out.say('warning', `nothing to compare with: ${error.message}`)
  }
}
