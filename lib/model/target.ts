import Type from 'typebox'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

const Addresses = (description: string) => Type.Array(Type.String(), { description })

const Request = Type.Object(
  {
    verb: oneOf(['GET', 'HEAD', 'POST'], 'the HTTP method'),
    host: Type.String({ description: 'the Host header (and the TLS server name), without the final dot' }),
    path: Type.String({ description: 'the request target, from its slash' }),
    body_file: orNull(Type.String(), 'POST: the local file that is sent'),
    body_type: orNull(Type.String(), 'POST: its Content-Type'),
  },
  { description: 'what is requested of each address' },
)

/** What to request of one address. */
export type Request = Type.Static<typeof Request>

/** A domain of domain.conf: which addresses it has, what to request of them, how to judge the answer (formats, 2.2). */
export const Target = recordType('target', 'one domain: its addresses, what to request, its thresholds', {
  domain: Type.String({ description: 'the owner name as configured, with its final dot' }),
  file: orNull(Type.String(), 'where it was read; null for standard input'),
  line: orNull(Type.Integer(), 'the line there, from 1'),
  info: Type.String({ description: 'column 2, as written' }),
  detect: Type.Boolean({ description: 'column 3: probe it; false publishes the first addresses unmeasured' }),
  times: Type.Integer({ description: 'column 4: probes an address and round, 1 to 10' }),
  warn_time: Seconds('column 5: slower than this sets the warning flag'),
  good_time: Seconds('column 6: strictly faster than this is good'),
  margin: orNull(Type.Number(), 'column 6, P of S%P: the switch margin in percent; null: the default'),
  limit: Count('column 7: how many bytes of the body are read'),
  publish: Count('column 8: how many good addresses are published'),
  modify: Type.Boolean({ description: 'column 9' }),
  backup_word: orNull(Type.String(), 'column 10 where it is a word: no, n, yes, y, or the target of a CNAME'),
  request: Request,
  referer_request: orNull(Request, 'column 14: instead, for the probes with a Referer header'),
  codes: Type.Array(Type.String(), { description: 'column 12: groups like 200, 30*, 2**' }),
  port: Type.Integer({ minimum: 0, maximum: 65535, description: 'column 15: the TCP port' }),
  scheme: oneOf(['http', 'https'], 'https where the port is 443'),
  use_dns: Type.Boolean({ description: 'column 16: the resolved addresses replace column 13' }),
  dns_reuse: Type.Integer({ description: 'column 18: how many failed resolutions in a row are tolerated' }),
  dns_failures: orNull(
    Type.Integer(),
    'failed resolutions in a row; null where origin_domain_ip does not have the host',
  ),
  referer_weight: Type.Integer({ minimum: 0, maximum: 100, description: 'column 17, R: its share in percent' }),
  sort: Type.Boolean({ description: 'column 19: order the addresses by time' }),
  tcp_interval: orNull(Count('column 20: minutes between connect-only probes; 0 never')),
  http_interval: orNull(Count('column 21: minutes between full probes; 0 never')),
  timeout: orNull(Seconds('column 22: the time limit of one connection; null: the command line')),
  ip: Addresses('the main addresses, column 13'),
  backup: Addresses('the backup addresses, column 10'),
  dns: Addresses('the resolved addresses; where there are any they stand in place of ip'),
  way: orNull(
    oneOf(['HTTP', 'HTTPS', 'TCP', 'none'], 'what this round does, by columns 20 and 21'),
    'null until probe-ips has decided',
  ),
})

/** See the schema. */
export type Target = Type.Static<typeof Target>

/** The main addresses in force: the resolved ones where there are any, else those of column 13. */
export function mainAddresses(target: Target): readonly string[] {
  return target.dns.length > 0 ? target.dns : target.ip
}
