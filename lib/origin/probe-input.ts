import { readFile } from 'node:fs/promises'
import { CommandError } from '../errors.ts'
import { applyAuthDomain, parseAuthDomain } from '../model/auth-domain.ts'
import { type DetectorigConf, parseDetectorigConf } from '../model/detectorig-conf.ts'
import { type DomainConf, mergeDomainConfs, parseDomainConf } from '../model/domain-conf.ts'
import { isRequestHost, isRequestText } from '../model/domain-conf-method.ts'
import { isAddress } from '../model/names.ts'
import { applyOriginDomainIp, parseOriginDomainIp } from '../model/origin-domain-ip.ts'
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

/** Further input files, and how they are read; undefined: not asked for. */
export interface InputFiles {
  /** origin_domain_ip (formats, 3). */
  readonly originIp: string | undefined
  /** auth_domain.conf (formats, 5). */
  readonly auth: string | undefined
  /** detectorig.conf (formats, 6). */
  readonly headers: string | undefined
  /** Given: the default Host header keeps the final dot of column 1 (formats, 2.4). */
  readonly compat: '3.3' | undefined
}

/** All that was read. */
export interface ProbeConf extends DomainConf {
  readonly settings: DetectorigConf
}

/**
 * Reads all inputs as domain.conf (formats, 2) and what the further files say of their domains; `now` in seconds since
 * the epoch. Throws what a file that cannot be read is.
 */
export async function readConf(inputs: readonly ProbeInput[], files: InputFiles, now: number): Promise<ProbeConf> {
  const options = { now: Math.floor(now), compatHost: files.compat !== undefined }
  const confs: DomainConf[] = []
  for (const { file, stream } of inputs) {
    confs.push(await parseDomainConf(readLines(stream), file ?? null, options))
  }
  const { targets, faults, others } = mergeDomainConfs(confs)
  const origin = parseOriginDomainIp(await textOf(files.originIp), files.originIp ?? null)
  const resolved = files.originIp === undefined ? { targets, faults: [] } : applyOriginDomainIp(targets, origin.hosts)
  const auth = parseAuthDomain(await textOf(files.auth), files.auth ?? null)
  const applied = applyAuthDomain(resolved.targets, auth.domains)
  const settings = parseDetectorigConf(await textOf(files.headers), files.headers ?? null)
  return {
    targets: applied.targets,
    faults: [faults, origin.faults, resolved.faults, auth.faults, applied.faults, settings.faults].flat(),
    others,
    settings,
  }
}

async function textOf(file: string | undefined): Promise<string> {
  return file === undefined ? '' : await readFile(file, 'utf8')
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
