import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandError } from '../../../lib/errors.ts'
import { hideLogin, toPlace } from '../../../lib/transfer/place.ts'

const GOOD: readonly [title: string, url: string, shown: string, login: string | null, name: string][] = [
  ['plain', 'ftp://host/dir/file', 'ftp://host/dir/file', null, 'file'],
  ['a login', 'ftp://me:pa%20ss@host:2121/file', 'ftp://host:2121/file', 'me:pa ss', 'file'],
  ['a user alone', 'http://me@host/a%20b?q=1', 'http://host/a%20b?q=1', 'me:', 'a b'],
  ['an IPv6 address', 'https://[::1]:8443/x#part', 'https://[::1]:8443/x', null, 'x'],
  ['no name', 'https://host', 'https://host/', null, ''],
  ['a file', 'file:///etc/hosts', 'file:///etc/hosts', null, 'hosts'],
]

for (const [title, url, shown, login, name] of GOOD) {
  test(`B50: a URL: ${title}`, () => {
    const place = toPlace(url)
    const found = place.login === null ? null : `${place.login.user}:${place.login.password}`
    assert.deepEqual([place.shown, found, place.name, place.url.username], [shown, login, name, ''])
  })
}

const BAD: readonly [title: string, url: string][] = [
  ['no URL', 'me:secret@host/file'],
  ['another scheme', 'gopher://me:secret@host/file'],
  ['a line end in the login', 'ftp://me:secret%0d%0aDELE%20x@host/file'],
  ['a line end in the path', 'ftp://me:secret@host/a%0aDELE%20x/file'],
  ['a zero byte', 'ftp://me:secret@host/a%00'],
  ['half a percent', 'ftp://me:secret@host/100%'],
  ['half a percent in the login', 'ftp://me:secret%@host/x'],
  ['a file of another host', 'file://other/etc/hosts'],
]

for (const [title, url] of BAD) {
  test(`B50: no URL to fetch from: ${title}; what may be a password is not told`, () => {
    assert.throws(
      () => toPlace(url),
      (error: unknown) => error instanceof CommandError && error.fault === 'usage' && !error.message.includes('secret'),
    )
    assert.ok(!hideLogin(url).includes('secret'))
  })
}
