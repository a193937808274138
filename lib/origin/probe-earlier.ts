import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toCommandError } from '../errors.ts'
import { acceptsCode } from '../model/domain-conf-codes.ts'
import { type LinkLine, linkKey, newestLinkData, parseLinkData } from '../model/link-data.ts'
import type { Probe } from '../model/probe.ts'
import type { Target } from '../model/target.ts'
import { type Share, sharesOf, toUnit, type UnitDefaults } from './probe-unit.ts'

/** The measurements of the newest link.data file of a directory (formats, 2.6, 11). */
export interface Earlier {
  readonly name: string
  /** When its run wrote it, RFC 3339 UTC. */
  readonly time: string
  readonly lines: ReadonlyMap<string, LinkLine>
}

/** Reads the newest file; undefined where there is none. Throws what an unreadable directory or file is. */
export async function readEarlier(directory: string): Promise<Earlier | undefined> {
  const names = await readdir(directory).catch(error => {
    throw toCommandError(`read '${directory}'`, error)
  })
  const name = newestLinkData(names)
  if (name === undefined) return undefined
  const { lines } = parseLinkData(await readFile(join(directory, name), 'utf8'), name)
  return { name, time: new Date(epochOf(name) * 1000).toISOString(), lines }
}

/**
 * The probes of a target out of the earlier file, one an address; undefined when an address has none that was measured
 * (formats, 2.6: then the whole domain is not probed).
 */
export function reuse(target: Target, earlier: Earlier | undefined, defaults: UnitDefaults): Probe[] | undefined {
  if (earlier === undefined) return undefined
  const probes: Probe[] = []
  for (const share of sharesOf(target)) {
    const line = earlier.lines.get(linkKey(target.domain, share.ip))
    if (line === undefined || line.source === 'nodetect') return undefined
    probes.push(toProbe(share, line, earlier, defaults))
  }
  return probes.length > 0 ? probes : undefined
}

function toProbe(share: Share, line: LinkLine, { name, time }: Earlier, defaults: UnitDefaults): Probe {
  const unit = toUnit(share, defaults)
  const connected = line.ok_times > 0
  const known = (seconds: number) => (connected ? seconds : null)
  const accepted = acceptsCode(unit.codes, line.code)
  const ok = connected && accepted && line.total <= unit.timeout
  return {
    ...headOf(share),
    unit: unit.key,
    ok,
    code: line.code,
    connect: known(line.connect),
    ttfb: known(line.first_byte),
    download: known(line.download),
    total: known(line.total),
    error: ok ? null : !connected ? 'connect-error' : accepted ? 'read-timeout' : 'code',
    detail: ok ? null : `as in ${name}`,
    port: line.port,
    way: line.way,
    times: line.times,
    ok_times: line.ok_times,
    source: 'reuse',
    time,
  }
}

/** What a probe record that was not measured has in any case. */
export function headOf({ target, ip, kind }: Share) {
  return { type: 'probe', domain: target.domain, ip, kind, bytes: 0, repeats: 0, suspect: false } as const
}

/** The seconds since the epoch in the name of a link.data file. */
export function epochOf(name: string): number {
  return Number(name.slice('link.data.'.length))
}
