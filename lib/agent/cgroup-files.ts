import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { errnoOf } from '../errors.ts'

/** What cgroups are managed with: files and directories. An argument, so that a test can do as another kernel does. */
export interface CgroupFiles {
  /** The content, or null where it is not there or cannot be read. */
  read(path: string): string | null
  isThere(path: string): boolean
  /** The names of the directories in it; none where it is not there. */
  list(path: string): readonly string[]
  /** Throws what the system says. */
  write(path: string, text: string): void
  /** Makes it; false where it is there already. Throws what the system says. */
  make(path: string): boolean
  /** Removes it; throws what the system says, but nothing where it is not there. */
  remove(path: string): void
  /** Throws where it may not be written to. */
  access(path: string): void
}

/** The real ones. */
export const CGROUP_FILES: CgroupFiles = {
  read(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return null
    }
  },
  isThere: existsSync,
  list(path) {
    try {
      const entries = readdirSync(path, { withFileTypes: true })
      return entries.filter(entry => entry.isDirectory() || entry.isSymbolicLink()).map(entry => entry.name)
    } catch {
      return []
    }
  },
  write(path, text) {
    writeFileSync(path, text, { flag: 'r+' })
  },
  make(path) {
    try {
      mkdirSync(path, 0o755)
      return true
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return false
      throw error
    }
  },
  remove(path) {
    try {
      rmdirSync(path)
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error
    }
  },
  access(path) {
    accessSync(path, constants.W_OK)
  },
}
