import type { Probe } from '../model/probe.ts'

/** The columns of the table for people. */
export const PROBE_COLUMNS = [
  { head: 'DOMAIN' },
  { head: 'IP' },
  { head: 'KIND' },
  { head: 'OK' },
  { head: 'CODE' },
  { head: 'CONNECT', right: true },
  { head: 'TTFB', right: true },
  { head: 'TOTAL', right: true },
  { head: 'KB/s', right: true },
  { head: 'ERROR' },
] as const

/** Probes as rows: by domain, in it the fastest first, then what failed. */
export function toProbeRows(probes: readonly Probe[]): string[][] {
  return probes
    .toSorted(compare)
    .map(probe => [
      probe.domain,
      probe.ip,
      probe.kind,
      probe.ok ? 'yes' : 'no',
      probe.code,
      seconds(probe.connect),
      seconds(probe.ttfb),
      seconds(probe.total),
      probe.download === null || probe.download === 0 || probe.times === 0
        ? '-'
        : (probe.bytes / probe.times / probe.download / 1000).toFixed(0),
      probe.error === null ? '' : `${probe.error}${probe.detail === null ? '' : `: ${probe.detail}`}`,
    ])
}

function compare(a: Probe, b: Probe): number {
  if (a.domain !== b.domain) return a.domain < b.domain ? -1 : 1
  if (a.ok !== b.ok) return a.ok ? -1 : 1
  return (a.total ?? Number.MAX_VALUE) - (b.total ?? Number.MAX_VALUE)
}

function seconds(time: number | null): string {
  return time === null ? '-' : time.toFixed(3)
}
