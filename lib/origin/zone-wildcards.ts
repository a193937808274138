import type { ZoneBlock } from '../model/anyhost.ts'
import { nameKey } from '../model/names.ts'

/** A node without records of its own that hides a wildcard above it from the names below it. */
export interface HiddenWildcard {
  /** The empty node, `example.com.` */
  readonly node: string
  /** The wildcard that does not reach below it, `*.com.` */
  readonly wildcard: string
  /** What the wildcard points to; its own name where it has addresses. */
  readonly target: string
}

/**
 * The empty nodes that hide a wildcard (formats 8.3; RFC 4592, 2.2.2 and 3.3.1): once `a.example.com.` exists,
 * `example.com.` does too, and `*.com.` no longer answers for `b.example.com.`. In the order of the file. Pure.
 */
export function hiddenWildcards(blocks: readonly ZoneBlock[]): HiddenWildcard[] {
  const active = blocks.filter(({ lines }) => lines.some(line => line.active))
  const owners = new Map(active.map(block => [nameKey(block.owner), block]))
  const seen = new Set<string>()
  const hidden: HiddenWildcard[] = []
  for (const owner of owners.keys()) {
    for (let node = parentOf(owner); node !== '.' && !seen.has(node); node = parentOf(node)) {
      seen.add(node)
      if (owners.has(node) || owners.has(`*.${node}`)) continue
      const cover = coverOf(node, owners)
      if (cover !== undefined) hidden.push({ node, wildcard: cover.owner, target: targetOf(cover) })
    }
  }
  return hidden
}

/** One `*.` CNAME for each hidden wildcard (`--wildcards`). Pure. */
export function wildcardBlocks(hidden: readonly HiddenWildcard[]): ZoneBlock[] {
  return hidden.map(({ node, target }) => ({ owner: `*.${node}`, lines: [{ rr: 'CNAME', active: true, target }] }))
}

/** The nearest wildcard above `node`. */
function coverOf(node: string, owners: ReadonlyMap<string, ZoneBlock>): ZoneBlock | undefined {
  for (let at = parentOf(node); ; at = parentOf(at)) {
    const cover = owners.get(at === '.' ? '*.' : `*.${at}`)
    if (cover !== undefined) return cover
    if (at === '.') return undefined
  }
}

function targetOf({ owner, lines }: ZoneBlock): string {
  const cname = lines.find(line => line.rr === 'CNAME')
  return cname === undefined ? owner : cname.target
}

function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 || dot === name.length - 1 ? '.' : name.slice(dot + 1)
}
