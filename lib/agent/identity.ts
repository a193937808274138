import { readFileSync } from 'node:fs'
import { errnoOf, reasonOf } from '../errors.ts'
import { METAFILE_MOST, type Metafile, parseMetafile, renderMetafile, TAGS_MOST } from '../model/metafile.ts'
import { parseServerList, renderServer, renderServerList, SERVERS_MOST, type Server } from '../model/server-list.ts'
import { replaceNow } from '../sys/replace-now.ts'

/** The list of servers leaves the MetaFile room for the rest, in characters. */
const LIST_MOST = METAFILE_MOST - TAGS_MOST - 128

/** Where a host's identity comes from. */
export interface IdentityOptions {
  readonly path: string
  /** The directory of temporary files, on the same mount. */
  readonly tmp: string
  /** The servers that are built in: always there, first (B55). */
  readonly builtIn: string
  /** Those of the first start (-S): only where there is no MetaFile. */
  readonly first: string
  readonly warn: (text: string) => void
}

/**
 * Who this host is to its servers, and who they are: the MetaFile (B5, B52, B55). It is written only when a status report was
 * answered; until then a host that registers may be given another AgentSN. What cannot be written is kept here (B70).
 */
export class Identity {
  agentsn: string
  registered: boolean
  tags: string | null
  readonly #options: IdentityOptions
  readonly #builtIn: readonly Server[]
  #servers: readonly Server[]
  #text: string
  /** What the file has is not what it should have. */
  #stale = false

  constructor(options: IdentityOptions) {
    const { path, warn, builtIn, first } = options
    this.#options = options
    this.#builtIn = parseServerList(builtIn).servers
    this.#text = readMetafile(path, warn)
    const { metafile, faults } = parseMetafile(this.#text)
    for (const { line, reason } of faults) warn(`${path}${line === null ? '' : `:${line}`}: ${reason}`)
    const isFirst = this.#text === ''
    const given = parseServerList(first)
    if (isFirst) for (const fault of given.faults) warn(`-S: ${fault}`)
    this.#servers = isFirst ? given.servers : metafile.servers
    this.agentsn = metafile.agentsn ?? readFileSync('/proc/sys/kernel/random/uuid', 'latin1').trim()
    this.registered = metafile.agentsn !== null
    this.tags = metafile.tags
  }

  /** HOST:PORT of each, in the order they are tried. */
  get servers(): readonly string[] {
    return [...this.#builtIn, ...this.#servers].map(renderServer)
  }

  /** A status report was answered: now the identity is valid. */
  answered(agentsn: string, tags: string | null): void {
    const isSame = this.registered && agentsn === this.agentsn && (tags === null || tags === this.tags)
    this.agentsn = agentsn
    this.registered = true
    this.tags = tags ?? this.tags
    if (!isSame || this.#stale) this.#write()
  }

  /**
   * Adds servers to those of the MetaFile (B38); the built-in ones are never changed. Returns what is wrong in the list: then none of
   * it is added.
   */
  add(list: string): readonly string[] {
    const { servers, faults } = parseServerList(list)
    if (faults.length > 0) return faults
    if (servers.every(server => this.servers.includes(renderServer(server)))) return []
    const all = [...new Map([...this.#servers, ...servers].map(server => [renderServer(server), server])).values()]
    if (all.length > SERVERS_MOST || renderServerList(all).length > LIST_MOST)
      return [`with these the MetaFile would have more servers than ${SERVERS_MOST}, or than fit in it`]
    this.#servers = all
    if (this.registered) this.#write()
    return []
  }

  #write(): void {
    const { path, tmp, warn } = this.#options
    const metafile: Metafile = { agentsn: this.agentsn, tags: this.tags, servers: this.#servers }
    const text = renderMetafile(metafile, this.#text)
    try {
      replaceNow(path, text, tmp)
      this.#text = text
      this.#stale = false
    } catch (error) {
      if (!this.#stale) warn(`${reasonOf(error)}: it is kept in memory, and tried again at the next report`)
      this.#stale = true
    }
  }
}

function readMetafile(path: string, warn: (text: string) => void): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') warn(`unable to read '${path}': ${reasonOf(error)}: it counts as a first start`)
    return ''
  }
}
