import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf, reasonOf } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import type { ConfigFault } from '../model/agent-config-parse.ts'

/**
 * What a configuration names and the host does not have: the program, the directories of the pid file and of the
 * socket that is asked (B14, B16, B26). Warnings: a package may bring the program later, and until then each start
 * fails and says so; the agent may make its directory itself.
 */
export function lookAround(config: AgentConfig): readonly ConfigFault[] {
  const { pidfile, check } = config
  return [
    ...warning('exec', programFault(config.argv[0])),
    ...(pidfile === null ? [] : warning('pidfile', directoryFault(pidfile))),
    ...(check === null ? [] : warning('check.path', directoryFault(check.path))),
  ]
}

/** Why a program cannot be run by the caller, as `'PATH' reason`; null: it can be. */
function programFault(path: string): string | null {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) return `'${path}' is a directory`
    if (!stats.isFile()) return `'${path}' is not a regular file`
    accessSync(path, constants.X_OK)
    return null
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return `'${path}' is not there`
    return `'${path}' cannot be run: ${reasonOf(error)}`
  }
}

function directoryFault(path: string): string | null {
  const dir = dirname(path)
  try {
    return statSync(dir).isDirectory() ? null : `'${dir}' is not a directory`
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? `directory '${dir}' is not there` : `directory '${dir}': ${reasonOf(error)}`
  }
}

function warning(field: string, reason: string | null): readonly ConfigFault[] {
  return reason === null ? [] : [{ field, reason }]
}
