import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { statOf } from '../../../lib/agent/process-id.ts'
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
  assert.match(agent.output(), /SigBlk:\t0+\nSigIgn:\t0+\n/)
  const stat = statOf(agent.id.pid)
  assert.deepEqual([stat?.pgrp, stat?.session], [agent.id.pid, agent.id.pid])
  assert.equal(stat?.startTime, agent.id.startTime)
  assert.equal(readFileSync(`/proc/${agent.id.pid}/environ`, 'latin1').includes('PATH=/usr/bin:/bin'), true)
})

test('B15: the exit status and the signal are the agent’s own', async t => {
  assert.deepEqual(await start(t, ['/bin/sh', '-c', 'exit 3']).ended, { code: 3, signal: null })
  assert.deepEqual(await start(t, ['/bin/sh', '-c', 'kill -9 $$']).ended, { code: null, signal: 'SIGKILL' })
})

test('B14: what cannot be started says why', t => {
  assert.throws(
    () => start(t, ['/nowhere/agent']),
    new CommandError('unavailable', "'/nowhere/agent': no such program"),
  )
  assert.throws(() => start(t, ['/etc/passwd']), { fault: 'permission', message: /^unable to start '\/etc\/passwd': / })
  assert.throws(() => start(t, ['/etc']), { fault: 'permission', message: /^unable to start '\/etc': / })
})
