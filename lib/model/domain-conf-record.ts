import { quote } from './conf-lines.ts'
import { isCodeGroup } from './domain-conf-codes.ts'
import { isRequestHost, isRequestText } from './domain-conf-method.ts'
import { isDomainName, isUsableAddress, toAbsolute } from './names.ts'
import type { Request, Target } from './target.ts'

/** What a line that begins with `{` is. */
export type RecordLine =
  | { readonly target: Target }
  | { readonly other: string }
  | { readonly faults: readonly string[] }

/** Reads an NDJSON line in domain.conf: a target is checked, a record of another type is passed on as it is. */
export async function parseRecordLine(text: string): Promise<RecordLine> {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return { faults: ['not JSON'] }
  }
  if (typeof record !== 'object' || record === null || !('type' in record) || record.type !== 'target') {
    return { other: text }
  }
  try {
    checkTarget ??= await loadCheck()
    const target = checkTarget(record)
    const faults = [...faultsOf(target)]
    return faults.length > 0 ? { faults } : { target: { ...target, domain: toAbsolute(target.domain), way: null } }
  } catch (error) {
    return { faults: [error instanceof Error ? error.message : String(error)] }
  }
}

let checkTarget: ((record: unknown) => Target) | undefined

/** Loaded when the first target comes: a plain domain.conf does not pay for the schemas. */
async function loadCheck(): Promise<(record: unknown) => Target> {
  const [{ checkOf }, { Target }] = await Promise.all([import('./check.ts'), import('./target.ts')])
  return checkOf(Target)
}

/** What the schema cannot say: names, addresses and request texts are judged as those of domain.conf are. */
function* faultsOf(target: Target): Generator<string> {
  if (!isDomainName(target.domain)) yield `field 'domain' is not a domain name: ${quote(target.domain)}`
  for (const field of ['ip', 'backup', 'dns'] as const) {
    for (const ip of target[field]) {
      if (!isUsableAddress(ip)) yield `field '${field}' has no usable address: ${quote(ip)}`
    }
  }
  for (const group of target.codes) {
    if (!isCodeGroup(group)) yield `field 'codes' has no code like 200, 30* or 2**: ${quote(group)}`
  }
  yield* requestFaults('request', target.request)
  if (target.referer_request !== null) yield* requestFaults('referer_request', target.referer_request)
}

function* requestFaults(field: string, { verb, host, path, body_file, body_type }: Request): Generator<string> {
  // The request host of a wildcard row is its owner: '*.com'.
  if (!isRequestHost(host)) yield `field '${field}.host' is not a host: ${quote(host)}`
  if (!path.startsWith('/') || !isRequestText(path)) yield `field '${field}.path' is not a path: ${quote(path)}`
  if (verb === 'POST' && body_file === null) yield `field '${field}.body_file' must be a file for POST`
  if (body_type !== null && !isRequestText(body_type))
    yield `field '${field}.body_type' is not a type: ${quote(body_type)}`
}
