import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isLoopback, readLogin, toMailServer } from '../../../lib/alert/mail-server.ts'

const URLS = [
  { url: 'smtp://mail.example.com', is: ['mail.example.com', 25, false, undefined] },
  { url: 'smtps://mail.example.com/', is: ['mail.example.com', 465, true, undefined] },
  { url: 'smtp://[::1]:2525', is: ['::1', 2525, false, undefined] },
  { url: 'smtp://ops:a%40b%3A@h:587', is: ['h', 587, false, { user: 'ops', password: 'a@b:' }] },
  { url: 'smtp://ops@h', is: ['h', 25, false, { user: 'ops', password: '' }] },
] as const

for (const { url, is } of URLS) {
  test(`toMailServer: ${url}`, () => {
    const { host, port, tls, login } = toMailServer(url)
    assert.deepEqual([host, port, tls, login], is)
  })
}

for (const url of [
  'mail',
  'http://u:secret@h',
  'smtp://',
  'smtp://h/secret',
  'smtp://h?secret',
  'smtp://u:sec%ret@h',
]) {
  test(`toMailServer: ${url} is refused without being repeated`, () => {
    assert.throws(
      () => toMailServer(url),
      (error: Error) => !error.message.includes('secret') && !error.message.includes('sec%ret'),
    )
  })
}

test('isLoopback knows this host', () => {
  const is = ['localhost', '127.0.0.9', '[::1]', 'mail', '10.0.0.1', '127.example.com']
  assert.deepEqual(
    is.map(host => isLoopback(toMailServer(`smtp://${host}`))),
    [true, true, true, false, false, false],
  )
})

const directory = mkdtempSync(join(tmpdir(), 'login-'))
after(() => rmSync(directory, { recursive: true }))

const LOGINS = [
  { title: 'one line', text: 'ops:a:b c\n', is: { user: 'ops', password: 'a:b c' } },
  {
    title: 'netrc',
    text: 'machine x login a password b\nmachine h\n login c\n password d',
    is: { user: 'c', password: 'd' },
  },
  {
    title: 'the default entry',
    text: 'machine x login a password b default login e password f',
    is: { user: 'e', password: 'f' },
  },
  { title: 'another machine only', text: 'machine x login a password b', is: undefined },
  { title: 'no password', text: 'machine h login a', is: undefined },
  { title: 'nothing', text: '', is: undefined },
] as const

for (const { title, text, is } of LOGINS) {
  test(`readLogin: ${title}`, async () => {
    const path = join(directory, 'login')
    writeFileSync(path, text, { mode: 0o600 })
    if (is === undefined) await assert.rejects(readLogin(path, 'h'), { fault: 'config' })
    else assert.deepEqual(await readLogin(path, 'h'), is)
  })
}
