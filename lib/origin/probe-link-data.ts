import { readdir, unlink } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { linkKey, renderLinkLine, toLinkLine } from '../model/link-data.ts'
import type { Probe } from '../model/probe.ts'
import type { Target } from '../model/target.ts'
import { replaceFile } from '../sys/atomic-file.ts'
import { epochOf, headOf } from './probe-earlier.ts'
import { type Share, sharesOf } from './probe-unit.ts'

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

/** The address that stands for this host in field 2. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
