import { acceptsCode } from '../model/domain-conf-codes.ts'
import type { Probe, ProbeError } from '../model/probe.ts'
import type { Sample } from './probe-wire.ts'

/** The samples of one request of a unit, with its share in percent. */
export interface SampledPart {
  readonly weight: number
  readonly samples: readonly Sample[]
}

/** What is known of a unit after all its probes: the fields of a probe record that its domains share. */
export type Measured = Pick<
  Probe,
  | 'ok'
  | 'code'
  | 'connect'
  | 'ttfb'
  | 'download'
  | 'total'
  | 'bytes'
  | 'error'
  | 'detail'
  | 'times'
  | 'ok_times'
  | 'suspect'
>

/**
 * Several probes of one address as one measurement (formats, 7.3, 7.4): the times are means of the samples above zero,
 * the code the most frequent acceptable one, else the most frequent; the parts of column 17 go in by their weights.
 * An address is down when any part is: no probe connected, none came whole with an acceptable code.
 */
export function combine(parts: readonly SampledPart[], codes: readonly string[]): Measured {
  const each = parts.map(({ samples }) => combinePart(samples, codes))
  const failed = each.find(part => !part.ok)
  const shown = failed ?? each[0]
  const samples = parts.flatMap(part => part.samples)
  const weighted = (field: TimeField) => {
    let sum = 0
    for (const [i, part] of each.entries()) {
      const time = part[field]
      if (time === null) return shown?.[field] ?? null
      sum += (time * (parts[i]?.weight ?? 0)) / 100
    }
    return toMicroseconds(sum)
  }
  return {
    ok: failed === undefined,
    code: shown?.code ?? '000',
    connect: weighted('connect'),
    ttfb: weighted('ttfb'),
    download: weighted('download'),
    total: weighted('total'),
    bytes: samples.reduce((sum, sample) => sum + sample.bytes, 0),
    error: shown?.error ?? null,
    detail: shown?.detail ?? null,
    times: samples.length,
    ok_times: samples.filter(sample => sample.connect !== null).length,
    suspect: samples.some(sample => sample.suspect),
  }
}

type TimeField = 'connect' | 'ttfb' | 'download' | 'total'
type Combined = Pick<Measured, 'ok' | 'code' | 'error' | 'detail' | TimeField>

function combinePart(samples: readonly Sample[], codes: readonly string[]): Combined {
  const whole = samples.filter(sample => sample.error === null)
  const accepted = whole.filter(sample => acceptsCode(codes, sample.code))
  const ok = accepted.length > 0
  // A cut or refused answer ends early and would make the mean too good; one that took all its time belongs in.
  const timed = ok ? samples.filter(sample => sample.error === 'read-timeout' || accepted.includes(sample)) : samples
  const code = mostFrequent((ok ? accepted : samples).map(sample => sample.code)) ?? '000'
  return {
    ok,
    code,
    connect: mean(timed.map(sample => sample.connect)),
    ttfb: mean(timed.map(sample => sample.ttfb)),
    download: mean(timed.map(sample => sample.download)),
    total: mean(timed.map(sample => sample.total)),
    ...(ok ? { error: null, detail: null } : failureOf(samples, whole, code)),
  }
}

/** The failure that is told: an answer with the wrong code says most, else what happened last. */
function failureOf(samples: readonly Sample[], whole: readonly Sample[], code: string) {
  if (whole.length > 0) {
    const error: ProbeError = 'code'
    return { error, detail: code === '000' ? 'connected; column 12 does not accept 000' : `status ${code}` }
  }
  const last = samples.at(-1)
  return { error: last?.error ?? 'local', detail: last?.detail ?? 'not probed' }
}

/** The arithmetic mean; null where there is nothing. Zero counts as no sample, but is all there may be (formats, 7.3). */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null)
  const above = known.filter(value => value > 0)
  if (above.length > 0) return toMicroseconds(above.reduce((sum, value) => sum + value, 0) / above.length)
  return known.length > 0 ? 0 : null
}

function toMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}

function mostFrequent(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  let best: string | undefined
  for (const [word, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = word
  return best
}
