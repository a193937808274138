import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CGROUP_FILES, type CgroupFiles } from '../../../lib/agent/cgroup-files.ts'

/** A scratch directory that behaves like a mount of cgroup v2, as cgroup-v2.rst of the kernel describes it. */
export interface Cgroup2 {
  readonly root: string
  readonly files: CgroupFiles
  /** From now on these paths may not be written to. */
  deny(denied: (path: string) => boolean): void
  /** Makes a group below the root with these processes in it, and says where it is. */
  group(path: string, ...pids: readonly number[]): string
  /** The content of a file below the root, without its last newline; null where there is none. */
  at(path: string): string | null
}

const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cpu: { 'cpu.weight': '100' },
  memory: {
    'memory.max': 'max',
    'memory.swap.max': 'max',
    'memory.events': 'low 0\noom 0\noom_kill 0\noom_group_kill 0',
  },
}

/** A root with these controllers. */
export function cgroup2(controllers = 'cpuset cpu io memory pids'): Cgroup2 {
  let denied = (_path: string) => false
  const root = mkdtempSync(join(tmpdir(), 'cgroup2-'))
  const put = (path: string, text: string) => writeFileSync(path, text === '' ? '' : `${text}\n`)
  put(join(root, 'cgroup.controllers'), controllers)
  for (const name of ['cgroup.subtree_control', 'cgroup.procs']) put(join(root, name), '')
  const refuse = (path: string) => {
    if (denied(path)) throw systemError('EACCES')
  }
  const files: CgroupFiles = {
    ...CGROUP_FILES,
    access: refuse,
    make(path) {
      if (existsSync(path)) return false
      refuse(dirname(path))
      if (!existsSync(dirname(path))) throw systemError('ENOENT')
      mkdirSync(path)
      const given = words(join(dirname(path), 'cgroup.subtree_control'))
      put(join(path, 'cgroup.controllers'), given.join(' '))
      for (const name of ['cgroup.subtree_control', 'cgroup.procs']) put(join(path, name), '')
      for (const name of given) fill(path, name)
      return true
    },
    remove(path) {
      if (!existsSync(path)) return
      refuse(path)
      if (words(join(path, 'cgroup.procs')).length > 0 || children(path).length > 0) throw systemError('EBUSY')
      rmSync(path, { recursive: true })
    },
    write(path, text) {
      if (!existsSync(path)) throw systemError('ENOENT')
      refuse(path)
      if (path.endsWith('/cgroup.subtree_control')) giveChildren(root, dirname(path), text)
      else if (path.endsWith('/cgroup.procs')) move(root, dirname(path), text)
      else put(path, text)
    },
  }
  const group = (path: string, ...pids: readonly number[]) => {
    const dir = join(root, path)
    if (!existsSync(dirname(dir))) group(dirname(path))
    files.make(dir)
    put(join(dir, 'cgroup.procs'), pids.join('\n'))
    return dir
  }
  const deny = (paths: typeof denied) => {
    denied = paths
  }
  return { root, files, deny, group, at: path => CGROUP_FILES.read(join(root, path))?.trim() ?? null }
}

/** An error as the system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** A group with processes of its own cannot limit its children; the root can. What a group has not it cannot give. */
function giveChildren(root: string, dir: string, text: string): void {
  const name = text.slice(1)
  if (!words(join(dir, 'cgroup.controllers')).includes(name)) throw systemError('ENOENT')
  if (dir !== root && words(join(dir, 'cgroup.procs')).length > 0) throw systemError('EBUSY')
  const control = join(dir, 'cgroup.subtree_control')
  writeFileSync(control, [...words(control), name].join(' '))
  for (const child of children(dir)) {
    const controllers = join(child, 'cgroup.controllers')
    writeFileSync(controllers, [...words(controllers), name].join(' '))
    fill(child, name)
  }
}

/** A process is in one group; one that limits its children takes none. */
function move(root: string, dir: string, pid: string): void {
  if (dir !== root && words(join(dir, 'cgroup.subtree_control')).length > 0) throw systemError('EBUSY')
  for (const path of [root, ...below(root)]) {
    const procs = join(path, 'cgroup.procs')
    writeFileSync(
      procs,
      words(procs)
        .filter(other => other !== pid)
        .join('\n'),
    )
  }
  const procs = join(dir, 'cgroup.procs')
  writeFileSync(procs, [...words(procs), pid].join('\n'))
}

function fill(dir: string, controller: string): void {
  for (const [name, text] of Object.entries(FILES[controller] ?? {})) writeFileSync(join(dir, name), `${text}\n`)
}

function children(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(dir, entry.name))
}

function below(dir: string): readonly string[] {
  return children(dir).flatMap(child => [child, ...below(child)])
}

function words(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split(/\s+/)
    .filter(word => word !== '')
}
