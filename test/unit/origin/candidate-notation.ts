import fc from 'fast-check'
import type { Candidate, Decision, TableInput } from '../../../lib/origin/table.ts'

/**
 * Candidates in a letter each: g good, b bad (ok, not good), d down. Addresses are M1, M2 … and B1, B2 …, so that a
 * decision reads as a line of words.
 */
export function inputOf(main: string, backup: string, rest: Partial<TableInput> = {}): TableInput {
  return {
    detect: true,
    publish: 1,
    backupWord: null,
    lastGood: null,
    main: [...main].map((letter, i) => candidateOf(letter, `M${i + 1}`, 'ip')),
    backup: [...backup].map((letter, i) => candidateOf(letter, `B${i + 1}`, 'backup')),
    ...rest,
  }
}

function candidateOf(letter: string, ip: string, kind: Candidate['kind']): Candidate {
  const [time, code] = { g: [0.1, '200'] as const, b: [0.9, '200'] as const }[letter] ?? [null, '000']
  return { ip, kind, ok: letter !== 'd', good: letter === 'g', time, code, slow: false }
}

/** A decision as `CASE [CNAME word] [silent]: M1+work M2-down …`: `+` published, `-` a comment line. */
export function read({ case: name, cname, silent, addresses }: Decision): string {
  const lines = addresses.map(({ ip, status, active }) => `${ip}${active ? '+' : '-'}${status.replace('ip_', '')}`)
  const head = [name, ...(cname === null ? [] : ['CNAME', cname]), ...(silent ? ['silent'] : [])].join(' ')
  return lines.length === 0 ? head : `${head}: ${lines.join(' ')}`
}

const candidates = (prefix: string, kind: Candidate['kind']) =>
  fc.string({ unit: fc.constantFrom('g', 'b', 'd'), maxLength: 5 }).map(letters => {
    const { main } = inputOf(letters, '')
    return main.map((candidate, i) => ({ ...candidate, ip: `${prefix}${i + 1}`, kind }))
  })

/** Any input of a decision table. */
export const anyInput: fc.Arbitrary<TableInput> = fc.record({
  detect: fc.boolean(),
  publish: fc.integer({ min: 0, max: 6 }),
  backupWord: fc.constantFrom(null, 'no', 'N', 'yes', 'Y', 'wild'),
  main: candidates('M', 'ip'),
  backup: candidates('B', 'backup'),
  lastGood: fc.constantFrom(null, [], ['M1'], ['B2', 'M3'], ['X1']),
})
