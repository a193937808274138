import { errcodeOf } from '../model/errcodes.ts'
import type { AgentConfigTask, ConfigTask } from '../model/task.ts'
import type { Identity } from './identity.ts'
import { configChanged } from './task-config.ts'
import type { Failure } from './task-deeds.ts'
import { type Doers, doDeed } from './task-do.ts'

/** What a global `config` sets. */
export interface Settings {
  readonly identity: Identity
  /** null: it stays; there may be other servers. */
  readonly setStep: (seconds: number | null) => void
}

/** Does a `config` task: of bootagent itself, or of an agent, which is restarted by it where it runs (B38). */
export async function configure(options: Doers & Settings, task: ConfigTask | AgentConfigTask): Promise<Failure> {
  if (task.action === 'config') return configureSelf(options, task)
  if (options.supervisor.stopping) return { errcode: errcodeOf('STOPPING'), message: 'agent-spawn is being stopped' }
  const { name } = task
  const look = await doDeed(options, { deed: 'look', name })
  if (look.type !== 'found') return look.type === 'failed' ? look : internal(look.type)
  const after = configChanged(task, look.found.config)
  if ('errcode' in after) return after
  for (const deed of [
    { deed: 'write-config', name, text: after.text },
    { deed: 'reload-agent', name },
  ] as const) {
    const answer = await doDeed(options, deed)
    if (answer.type === 'failed') return answer
  }
  return { errcode: 0, message: 'its configuration is changed' }
}

function configureSelf({ identity, setStep }: Settings, { servers, step }: ConfigTask): Failure {
  const fault = servers === null ? undefined : identity.add(servers)[0]
  if (fault !== undefined) return { errcode: errcodeOf('BAD_TASK'), message: fault }
  setStep(step)
  return { errcode: 0, message: 'bootagent is configured' }
}

function internal(type: string): Failure {
  return { errcode: errcodeOf('INTERNAL'), message: `'${type}' is no answer where 'found' is` }
}
