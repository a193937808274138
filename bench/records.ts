import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, cost, place } from './measure.ts'

const ADDRESSES = 5

/** Targets, probes and the closing round of so many made-up domains with five addresses each, as NDJSON lines. */
export function* makeRound(domains: number): Generator<string> {
  const time = new Date().toISOString()
  yield makeTarget({ domain: 'wild.', ip: ['192.0.2.10'], detect: false })
  for (let i = 0; i < domains; i++) {
    const domain = `www.site${i}.example.com.`
    const ip = Array.from({ length: ADDRESSES }, (_, k) => `10.${(i >> 8) & 255}.${i & 255}.${k + 1}`)
    yield makeTarget({ domain, ip })
    for (const [k, one] of ip.entries()) yield makeProbe(domain, one, 0.1 + k / 100, time)
  }
  const units = domains * ADDRESSES
  const counts = { domains: domains + 1, units, ok: units, suspect: 0, seconds: 10, bytes: 0 }
  const mass = { up_before: 0, newly_down: 0, mass_rounds: 0, confirmed: false, config_changed: false }
  yield JSON.stringify({ type: 'round', by: 'probe-ips', time, ...counts, blind: false, blind_reason: null, ...mass })
}

/** One target line; what is not given is a plain GET of a 2 MB file. */
export function makeTarget(given: Readonly<Record<string, unknown>>): string {
  const request = { verb: 'GET', host: 'fake.com', path: '/2M.dat', body_file: null, body_type: null }
  const words = { type: 'target', domain: '', file: null, line: null, info: 'N', detect: true, times: 1 }
  const limits = { warn_time: 2, good_time: 1, margin: null, limit: 2097152, publish: 2, modify: true }
  const requests = { backup_word: 'no', request, referer_request: null, codes: ['2**'], port: 80, scheme: 'http' }
  const dns = { use_dns: false, dns_reuse: 0, dns_failures: null, referer_weight: 0, sort: true }
  const times = { tcp_interval: null, http_interval: null, timeout: null, ip: [], backup: [], dns: [], way: null }
  return JSON.stringify({ ...words, ...limits, ...requests, ...dns, ...times, ...given })
}

/** Writes a zone file with so many domains, by way of rank-ips and write-anyhost. */
export async function writeZone(file: string, domains: number): Promise<void> {
  const input = join(place, `round-${domains}.ndjson`)
  writeFileSync(input, [...makeRound(domains), ''].join('\n'))
  const run = await cost(['sh', '-c', `${bin('rank-ips')} | ${bin('write-anyhost')} -o ${file}`], { stdin: input })
  if (run.status !== 0) throw new Error(`no zone was written: status ${run.status}`)
}

function makeProbe(domain: string, ip: string, total: number, time: string): string {
  const who = { type: 'probe', domain, ip, kind: 'ip', unit: `${ip}:80 ${domain}`, ok: true, code: '200' }
  const times = { connect: 0.001, ttfb: 0.002, download: total - 0.003, total, bytes: 2097152 }
  const how = { error: null, detail: null, port: 80, way: 'HTTP', times: 1, ok_times: 1, repeats: 0 }
  return JSON.stringify({ ...who, ...times, ...how, source: 'detect', suspect: false, time })
}
