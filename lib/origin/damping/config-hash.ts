import type { Target } from '../../model/target.ts'
import { hashOf } from './text-hash.ts'

/**
 * A hash of what an operator configured for a domain: not where it was read, what the resolver says today, or what this
 * round does. The default path is another in each round (formats 2.4).
 */
export function configHash(target: Target): string {
  const { request, referer_request: second } = target
  const path = request.path.replace(/^\/\d{9,11}\.jpg$/, '')
  const secondPath = second?.path.replace(/^\/\d{9,11}\.jpg$/, '')
  const { publish, good_time, margin, detect, backup_word, ip, backup, use_dns, dns_reuse, sort, codes, port } = target
  const judged = [publish, good_time, margin, detect, backup_word, ip, backup, use_dns, dns_reuse, sort, target.timeout]
  const asked = [request.verb, request.host, path, second?.verb, second?.host, secondPath, codes, port, target.limit]
  return hashOf(JSON.stringify([judged, asked, target.referer_weight])).toString(36)
}
