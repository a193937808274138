import assert from 'node:assert/strict'
import { type DomainConf, type DomainConfOptions, parseDomainConf } from '../../../lib/model/domain-conf.ts'
import type { Target } from '../../../lib/model/target.ts'

/** The moment of every parse in the tests. */
export const NOW = 1_700_000_000.5

const PLAIN = [
  ...['a.example.com', 'N', 'Y', '2', '0.8', '0.5', '2048', '2', 'Y', 'no', 'GET:/2M.dat', '200', '192.0.2.1'],
  ...['Y', '8080', 'N', '100:0', '3', 'Y', '1', '5', '2.5', '192.0.2.9:80'],
]

/** A good record of so many columns, with some of them, by number, replaced. */
export function lineOf(columns: Readonly<Record<number, string>> = {}, count = 22): string {
  return PLAIN.slice(0, count)
    .map((text, at) => columns[at + 1] ?? text)
    .join(' ')
}

/** Parses text as domain.conf. */
export function parse(text: string, options: Partial<DomainConfOptions> = {}): Promise<DomainConf> {
  return parseDomainConf(text, 'domain.conf', { now: NOW, ...options })
}

/** The one target of a text, and the reasons told, each with its severity. */
export async function parseOne(
  text: string,
): Promise<{ readonly target: Target | undefined; readonly told: string[] }> {
  const { targets, faults } = await parse(text)
  assert.ok(targets.length <= 1, `${targets.length} targets`)
  return { target: targets[0], told: faults.map(({ severity, reason }) => `${severity}: ${reason}`) }
}
