import type { CtlVerb } from './ctl-call.ts'

/** What each verb of bootctl does, loaded when it is asked for. */
const VERBS = {
  status: async () => (await import('./ctl-status.ts')).status,
  start: async () => (await import('./ctl-move.ts')).start,
  stop: async () => (await import('./ctl-move.ts')).stop,
  restart: async () => (await import('./ctl-move.ts')).restart,
  explain: async () => (await import('./ctl-explain.ts')).explain,
  events: async () => (await import('./ctl-events.ts')).events,
  'config check': async () => (await import('./ctl-check.ts')).checkConfig,
  'config show': async () => (await import('./ctl-config.ts')).showConfig,
  'config setlog': async () => (await import('./ctl-config.ts')).setLog,
  sha256: async () => (await import('./ctl-sha256.ts')).sha256,
  report: async () => (await import('./ctl-report.ts')).report,
  apply: async () => (await import('./ctl-report.ts')).apply,
  tasks: async () => (await import('./ctl-tasks.ts')).tasks,
  sync: async () => (await import('./ctl-report.ts')).sync,
  version: async () => (await import('./ctl-version.ts')).version,
} as const satisfies Record<string, () => Promise<CtlVerb>>

/** The verbs of bootctl. */
export type CtlVerbName = keyof typeof VERBS

/** Loads what a verb does. */
export function loadVerb(name: CtlVerbName): Promise<CtlVerb> {
  return VERBS[name]()
}
