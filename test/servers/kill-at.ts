// Loaded before a command (NODE_OPTIONS=--import=…): ends it by SIGKILL at the step that KILL_AT says, counted from 1. A step is a
// change of the file system, or the start of a child; before it, and where it can be half-done, also in the midst of it.
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'

type Work = (...args: readonly unknown[]) => unknown
type Module = Record<string, unknown>

const killAt = Number(process.env['KILL_AT'])
let steps = 0

function step(inTheMidst?: () => void): void {
  if (++steps === killAt) process.kill(process.pid, 'SIGKILL')
  if (inTheMidst === undefined || ++steps !== killAt) return
  inTheMidst()
  process.kill(process.pid, 'SIGKILL')
}

function replace(module: Module, name: string, halve?: (args: readonly unknown[]) => void): void {
  const work = module[name]
  if (typeof work !== 'function') throw new Error(`there is no ${name}`)
  const counted: Work = function (this: unknown, ...args) {
    step(halve === undefined ? undefined : () => halve(args))
    return Reflect.apply(work, this, args)
  }
  module[name] = counted
}

const { rmSync, readdirSync, statSync, writeSync, cpSync } = fs
const halfOf = (content: unknown) => (content instanceof Uint8Array ? content.subarray(0, content.length >> 1) : null)

/** The first half of what is in a directory goes, and one file of each other directory. */
function removeHalf(path: unknown): void {
  if (typeof path !== 'string' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  const names = readdirSync(path)
  for (const name of names.slice(0, Math.ceil(names.length / 2))) rmSync(join(path, name), { recursive: true })
}

const promises: Module = { ...fs.promises }
for (const name of ['rename', 'mkdir', 'symlink', 'unlink', 'chmod', 'chown', 'writeFile']) replace(promises, name)
replace(promises, 'rm', ([path]) => removeHalf(path))
replace(promises, 'copyFile', ([from, to]) => cpSync(String(from), `${to}`))
for (const name of ['rename', 'mkdir', 'symlink', 'unlink', 'chmod', 'chown', 'writeFile', 'rm', 'copyFile']) {
  Object.assign(fs.promises, { [name]: promises[name] })
}
const sync: Module = { ...fs }
const changes = ['mkdirSync', 'symlinkSync', 'linkSync', 'chmodSync', 'fchmodSync', 'fsyncSync', 'openSync']
for (const name of changes) replace(sync, name)
replace(sync, 'writeFileSync', ([fd, content]) => {
  const half = halfOf(content)
  if (typeof fd === 'number' && half !== null) writeSync(fd, half)
})
for (const name of [...changes, 'writeFileSync']) Object.assign(fs, { [name]: sync[name] })
const children: Module = { spawn: childProcess.spawn }
replace(children, 'spawn')
Object.assign(childProcess, children)
syncBuiltinESMExports()
