import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseDomainConf } from '../../../lib/model/domain-conf.ts'
import { applyOriginDomainIp, parseOriginDomainIp } from '../../../lib/model/origin-domain-ip.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/synthetic', name), 'utf8')

test('the targets of the synthetic example are what domain.conf and origin_domain_ip say (formats 16)', async () => {
  const conf = await parseDomainConf(read('domain.conf'), 'domain.conf', { now: 1_700_000_000 })
  const { targets } = applyOriginDomainIp(
    conf.targets,
    parseOriginDomainIp(read('origin_domain_ip'), 'origin_domain_ip').hosts,
  )
  const records = read('probes.ndjson')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    targets,
    records.filter(({ type }) => type === 'target').map(target => ({ ...target, way: null })),
  )
})
