import { dirname } from 'node:path'
import type { Places } from './places.ts'

/** What of our environment the commands that we start are given: the rest is nobody's. */
const HANDED_ON = ['PATH', 'HOME', 'LANG', 'BOOTAGENT_REPORT', 'BOOTAGENT_REPORT_USER']

/** The environment of a command of ours that agent-spawn starts; it is found beside agent-spawn. */
export function childEnvironment({ run, base }: Places): Readonly<Record<string, string>> {
  const env: Record<string, string> = { BOOTAGENT_RUN: run, BOOTAGENT_BASE: base }
  for (const name of HANDED_ON) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return { ...env, PATH: `${dirname(process.argv[1] ?? '')}:${env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin'}` }
}
