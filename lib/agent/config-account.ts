import { CommandError } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import type { ConfigFault } from '../model/agent-config-parse.ts'
import { findAccount } from './account.ts'

/**
 * The user and the group of a configuration that this host does not know (B17): each start of the agent would fail. May
 * ask a directory service, for 5 s at most each. Whether the caller may become that user is not looked at: the daemon may.
 */
export async function lookForAccounts({ user, group }: AgentConfig): Promise<readonly ConfigFault[]> {
  return [
    ...(user === null ? [] : await accountFault('user', user, null)),
    ...(group === null ? [] : await accountFault('group', null, group)),
  ]
}

async function accountFault(field: string, user: string | null, group: string | null): Promise<readonly ConfigFault[]> {
  try {
    await findAccount(user, group)
    return []
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return error.fault === 'permission' ? [] : [{ field, reason: error.message }]
  }
}
