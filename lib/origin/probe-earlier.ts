import { readdir, readFile, unlink } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { acceptsCode } from '../model/domain-conf-codes.ts'
import {
  type LinkLine,
  linkKey,
  newestLinkData,
  parseLinkData,
  renderLinkLine,
  toLinkLine,
} from '../model/link-data.ts'
import type { Probe } from '../model/probe.ts'
import type { Target } from '../model/target.ts'
import { replaceFile } from '../sys/atomic-file.ts'
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
  const name = newestLinkData(await readdir(directory))
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

/** Writes what a round measured as link.data.EPOCH, in the order of the targets, and removes files older than `keep` s. */
export async function writeLinkData(
  directory: string,
  targets: readonly Target[],
  probes: readonly Probe[],
  keep: number,
) {
  const now = Math.floor(Date.now() / 1000)
  const byKey = new Map(probes.map(probe => [`${probe.kind} ${linkKey(probe.domain, probe.ip)}`, probe]))
  const prober = ownAddress()
  const lines: string[] = []
  for (const target of targets) {
    for (const share of sharesOf(target)) {
      const probe = byKey.get(`${share.kind} ${linkKey(target.domain, share.ip)}`) ?? notDetected(share)
      lines.push(`${renderLinkLine(toLinkLine(probe, prober))}\n`)
    }
  }
  await replaceFile(join(directory, `link.data.${now}`), lines.join(''))
  for (const name of await readdir(directory)) {
    if (/^link\.data\.\d{1,15}$/.test(name) && epochOf(name) < now - keep) await unlink(join(directory, name))
  }
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

function notDetected(share: Share): Probe {
  const nothing = { connect: null, ttfb: null, download: null, total: null, error: null, detail: null } as const
  const { port, scheme } = share.target
  return {
    ...headOf(share),
    ...nothing,
    unit: '',
    ok: false,
    code: '000',
    port,
    way: scheme === 'https' ? 'HTTPS' : 'HTTP',
    times: 0,
    ok_times: 0,
    source: 'nodetect',
    time: '',
  }
}

function headOf({ target, ip, kind }: Share) {
  return { type: 'probe', domain: target.domain, ip, kind, bytes: 0, repeats: 0, suspect: false } as const
}

function epochOf(name: string): number {
  return Number(name.slice('link.data.'.length))
}

/** The address that stands for this host in field 2. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
