import { CommandError } from '../errors.ts'
import { type DomainConf, mergeDomainConfs, parseDomainConf } from '../model/domain-conf.ts'
import { isRequestHost, isRequestText } from '../model/domain-conf-method.ts'
import { isAddress } from '../model/names.ts'
import type { Target } from '../model/target.ts'
import { readLines } from '../ndjson/lines.ts'

/** One input; `file` is undefined for standard input. */
export interface ProbeInput {
  readonly file: string | undefined
  readonly stream: AsyncIterable<Uint8Array>
}

/** What the command line asks of every target in place of what its line says. */
export interface Overrides {
  readonly host: string | undefined
  readonly path: string | undefined
  readonly port: number | undefined
}

/** Reads all inputs as domain.conf (formats, 2); `now` in seconds since the epoch. Throws when one cannot be read. */
export async function readTargets(inputs: readonly ProbeInput[], now: number): Promise<DomainConf> {
  const confs: DomainConf[] = []
  for (const { file, stream } of inputs) {
    confs.push(await parseDomainConf(readLines(stream), file ?? null, { now: Math.floor(now) }))
  }
  return mergeDomainConfs(confs)
}

/** The target with the command line's host, path and port; 443 is HTTPS there too. */
export function override(target: Target, { host, path, port }: Overrides): Target {
  const request = { ...target.request, host: host ?? target.request.host, path: path ?? target.request.path }
  if (port === undefined) return { ...target, request }
  return { ...target, request, port, scheme: port === 443 ? 'https' : 'http' }
}

/** Throws a 'usage' CommandError when a host or path of the command line cannot be requested. */
export function checkOverrides({ host, path }: Overrides): void {
  if (host !== undefined && !isRequestHost(host) && !isAddress(host)) {
    throw new CommandError('usage', `option --host: '${host}' is not a host`)
  }
  if (path !== undefined && !(path.startsWith('/') && isRequestText(path))) {
    throw new CommandError('usage', `option --path: '${path}' is not a path from its slash, in printable ASCII`)
  }
}
