import Type from 'typebox'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

/** What became of a probe that is not ok. `code`: the answer came, its status is not acceptable. */
const PROBE_ERRORS = [
  'connect-refused',
  'connect-timeout',
  'connect-error',
  'read-timeout',
  'reset',
  'short-body',
  'bad-response',
  'code',
  'tls',
  'local',
] as const

/** One measured (domain, address): the combination of its probes of this round (formats, 7.2 to 7.4). */
export const Probe = recordType('probe', 'the measurement of one address for one domain', {
  domain: Type.String({ description: 'as in the target' }),
  ip: Type.String({ description: 'the address' }),
  kind: oneOf(['ip', 'backup', 'dns'], 'which list it stands in'),
  unit: Type.String({ description: 'the distinct request; probes with the same unit are one measurement, shared' }),
  ok: Type.Boolean({ description: 'answered in time, whole, with an acceptable code' }),
  code: Type.String({ pattern: '^\\d{3}$', description: 'the HTTP status; 000 where there was none' }),
  connect: orNull(Seconds('connect() call to connected, TLS included'), 'null: never connected'),
  ttfb: orNull(Seconds('request sent to first byte'), 'null: nothing came'),
  download: orNull(Seconds('first byte to end'), 'null: nothing came'),
  total: orNull(Seconds('connect() call to end'), 'null: never connected'),
  bytes: Count('bytes of the body received, all its probes together'),
  error: orNull(oneOf(PROBE_ERRORS, 'the class of the failure'), 'null: ok'),
  detail: orNull(Type.String(), 'the failure in words'),
  port: Type.Integer({ description: 'the TCP port' }),
  way: oneOf(['HTTP', 'HTTPS', 'TCP'], 'how it was measured'),
  times: Count('probes made'),
  ok_times: Count('probes that at least connected'),
  repeats: Count('quick repeats after a failure, all of them failed too when ok is false'),
  source: oneOf(['detect', 'central', 'reuse', 'nodetect'], 'measured; shared; from an earlier round; not measured'),
  suspect: Type.Boolean({ description: 'this process was too busy during the transfer to trust its times' }),
  time: Type.String({ description: 'when the measurement ended, RFC 3339 UTC' }),
})

/** See the schema. */
export type Probe = Type.Static<typeof Probe>

/** The class of a failed probe. */
export type ProbeError = (typeof PROBE_ERRORS)[number]
