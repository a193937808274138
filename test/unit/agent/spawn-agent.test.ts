import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { statOf } from '../../../lib/agent/process-id.ts'
import { spawnAgent } from '../../../lib/agent/spawn-agent.ts'
import { CommandError } from '../../../lib/errors.ts'
import { start, until } from './agents.ts'

test('B15: an agent has a session, a group and / of its own, umask 022, clean signals and only its three descriptors', async t => {
  const before = process.umask(0o077)
  t.after(() => process.umask(before))
  const script = 'pwd; umask; readlink /proc/self/fd/0; ls /proc/$$/fd; grep Sig /proc/self/status'
  const agent = start(t, ['/bin/sh', '-c', `${script}; exec sleep 60`])
  await until('it has spoken', () => agent.output().includes('SigCgt'))
  assert.equal(process.umask(), 0o077, 'ours is as it was')
  const lines = agent.output().split('\n')
  assert.deepEqual(lines.slice(0, 6), ['/', '0022', '/dev/null', '0', '1', '2'])
  assert.match(agent.output(), /SigBlk:\t0+\nSigIgn:\t[0-9a-f]{8}[08]0{7}\n/)
  const stat = statOf(agent.id.pid)
  assert.deepEqual([stat?.pgrp, stat?.session], [agent.id.pid, agent.id.pid])
  assert.equal(stat?.startTime, agent.id.startTime)
  assert.equal(readFileSync(`/proc/${agent.id.pid}/environ`, 'latin1').includes('PATH=/usr/bin:/bin'), true)
})

test('B15: the exit status and the signal are the agent’s own', async t => {
  assert.deepEqual(await start(t, ['/bin/sh', '-c', 'exit 3']).ended, { code: 3, signal: null })
  assert.deepEqual(await start(t, ['/bin/sh', '-c', 'kill -9 $$']).ended, { code: null, signal: 'SIGKILL' })
})

test('B23: an end is told in a turn of its own, so that agents that end all the time leave others theirs', async () => {
  const output = openSync('/dev/null', 'w')
  const stack = await new Promise<string>(resolve => {
    const onExit = () => resolve(new Error('told').stack ?? '')
    spawnAgent(['/bin/true'], { env: {}, output, onExit })
  })
  closeSync(output)
  assert.match(stack, /processImmediate/)
  assert.doesNotMatch(stack, /child_process/)
})

test('B14: what cannot be started says why', t => {
  assert.throws(
    () => start(t, ['/nowhere/agent']),
    new CommandError('unavailable', "'/nowhere/agent': no such program"),
  )
  assert.throws(() => start(t, ['/etc/passwd']), { fault: 'permission', message: /^unable to start '\/etc\/passwd': / })
  assert.throws(() => start(t, ['/etc']), { fault: 'permission', message: /^unable to start '\/etc': / })
})

/** Runs a program of ours under a shell's conditions; `ours:` is where lib/agent is. */
function runUnder(shell: string, program: string): string {
  const ours = new URL('../../../lib/agent/', import.meta.url).href
  const text = program.replaceAll('ours:', ours)
  const argv = ['-c', `${shell}; exec "$@"`, 'sh', process.execPath, '--input-type=module', '-e', text]
  return execFileSync('/bin/bash', argv, { encoding: 'utf8' })
}

test('B15: what agent-spawn was started with open or ignored does not come to an agent', () => {
  const program = `
    import { closeInherited } from 'ours:inherited.ts'
    import { spawnAgent } from 'ours:spawn-agent.ts'
    closeInherited()
    const chain = ['/bin/sh', '-c', 'ls /proc/$$/fd; grep -E "Sig(Ign|Blk)" /proc/self/status']
    spawnAgent(chain, { env: { PATH: '/usr/bin:/bin' }, output: 1, onExit() {} })`
  const output = runUnder("trap '' HUP PIPE USR1; exec 3</dev/null 9</dev/null 200</dev/null", program)
  assert.match(output, /^0\n1\n2\nSigBlk:\t0+\nSigIgn:\t[0-9a-f]{8}[08]0{7}\n$/)
})

test('B15: when descriptors have run out an agent is not started, but who runs is still known', () => {
  const program = `
    import { openSync } from 'node:fs'
    import { findProcess } from 'ours:adoption.ts'
    import { isAlive, processIdOf, groupIsEmpty, signalTo } from 'ours:process-id.ts'
    import { spawnAgent } from 'ours:spawn-agent.ts'
    const options = { env: {}, output: 1, onExit() {} }
    const id = spawnAgent(['/bin/sleep', '60'], options)
    try { for (;;) openSync('/dev/null') } catch {}
    try { spawnAgent(['/bin/sleep', '60'], options) } catch (error) { console.log(error.fault, error.message) }
    for (let i = 0; i < 3; i++) console.log(isAlive(id), isAlive({ ...id, startTime: 1 }), processIdOf(id.pid)?.startTime === id.startTime)
    console.log(findProcess(['/bin/sleep', '60'], new Set([1])) !== null, groupIsEmpty(id.pid), signalTo(id, 'SIGKILL', true))`
  assert.equal(
    runUnder('ulimit -n 60', program),
    "again unable to start '/bin/sleep': too many processes or open files\n" +
      'true false true\n'.repeat(3) +
      'true false true\n',
  )
})

test('B14: a command line that no program can be given is refused', t => {
  assert.throws(() => start(t, ['/bin/echo', 'a\0b']), { fault: 'io', message: /^unable to start '\/bin\/echo': / })
  assert.throws(() => start(t, ['/bin/echo', 'x'.repeat(200_000)]), { fault: 'io' })
})
