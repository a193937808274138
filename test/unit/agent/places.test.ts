import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placesOf } from '../../../lib/agent/places.ts'

test('B1 B3 B4 B5: the places without any setting', () => {
  assert.deepEqual(placesOf({}), {
    conf: '/etc/cargo/BootAgent',
    base: '/usr/local/cargo/BootAgent',
    tmp: '/usr/local/cargo/BootAgent/tmp',
    metafile: '/usr/local/cargo/BootAgent/metafile',
    journal: '/usr/local/cargo/BootAgent/task.json',
    run: '/var/run/cargo',
    pidfile: '/var/run/cargo/BootAgent.pid',
    socket: '/var/run/cargo/BootAgent.sock',
    heartbeat: '/var/run/cargo/BootAgent.heartbeat.sock',
    log: '/var/log/cargo',
    logfile: '/var/log/cargo/BootAgent.log',
  })
})

test('B12: each place is settable, an empty setting is none', () => {
  const places = placesOf({ BOOTAGENT_CONF: '/a', BOOTAGENT_BASE: '/b', BOOTAGENT_RUN: '/c', BOOTAGENT_LOG: '' })
  assert.equal(places.conf, '/a')
  assert.equal(places.tmp, '/b/tmp')
  assert.equal(places.metafile, '/b/metafile')
  assert.equal(places.socket, '/c/BootAgent.sock')
  assert.equal(places.log, '/var/log/cargo')
})
