import type { AgentConfig } from '../model/agent-config.ts'
import { agentOf, type ConfigFile } from './config-dir.ts'

/** A configuration that is in force and the file it came from; null: that is not known, or it was no file. */
export interface LoadedAgent {
  readonly file: string | null
  readonly config: AgentConfig
}

/**
 * What is in force after files were read again: what they say, and, for a file with a fault, what was in force
 * before: a broken new file leaves its agent as it was (B29). Sorted as the files are. Pure.
 */
export function reload(before: readonly LoadedAgent[], files: readonly ConfigFile[]): readonly LoadedAgent[] {
  const named = new Set(files.flatMap(({ parsed }) => parsed.config?.name ?? []))
  return files.flatMap(read => {
    if (read.parsed.config !== null) return [{ file: read.file, config: read.parsed.config }]
    if (read.parsed.faults.length === 0) return []
    const name = agentOf(read)
    const same = before.find(({ file }) => file === read.file) ?? before.find(({ config }) => config.name === name)
    if (same === undefined || named.has(same.config.name)) return []
    named.add(same.config.name)
    return [{ file: read.file, config: same.config }]
  })
}
