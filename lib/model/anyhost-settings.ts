/** A fault of a setting: where it stands and what is wrong. */
export interface SettingFault {
  readonly place: string
  readonly reason: string
}

interface Setting {
  readonly fallback: string
  /** What the value must be, in words; what it is. */
  readonly expected: string
  readonly isGood: (value: string) => boolean
  /** A list of words in the shell's quotes, which the shell gets as words. */
  readonly list?: true
}

const path = { expected: 'an absolute path', isGood: isPath }
const words = { expected: 'a list of words (a quote is not closed)', isGood: isWords, list: true } as const

const SETTINGS = {
  conf: { fallback: '/etc/domain.conf', expected: 'a list of absolute paths', isGood: isPathList, list: true },
  file: { fallback: '/var/lib/anyhost/anyhost', ...path },
  state: { fallback: '/var/lib/anyhost', ...path },
  pid: { fallback: '/run/anyhost.pid', ...path },
  log: { fallback: '/var/log/anyhost.log', ...path },
  period: { fallback: '60', expected: 'a whole number of seconds from 1 to 86400', isGood: isPeriod },
  listen: { fallback: ':8089', expected: 'an address and a port, ADDR:PORT', isGood: isListen },
  probe: { fallback: '', ...words },
  rank: { fallback: '', ...words },
  write: { fallback: '', ...words },
  serve: { fallback: '-q', ...words },
  reload: { fallback: 'none', ...words },
  alert: { fallback: 'none', ...words },
} as const satisfies Record<string, Setting>

/** The name of a setting of anyhost.conf(5). */
export type SettingName = keyof typeof SETTINGS

/** The settings in force, by name. */
export type AnyhostSettings = Readonly<Record<SettingName, string>>

/** One `KEY=VALUE` and where it stands: `/etc/anyhost.conf:3`, or `argument 1`. */
export interface SettingLine {
  readonly text: string
  readonly place: string
}

/** The lines of a settings file that say something: no empty ones, no comments. */
export function settingLines(content: string, file: string): SettingLine[] {
  return content
    .split('\n')
    .map((text, i) => ({ text: text.trim(), place: `${file}:${i + 1}` }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
}

/** The settings that lists of lines make, a later list over an earlier one, over the defaults; and every fault. */
export function resolveSettings(lists: readonly (readonly SettingLine[])[]) {
  const settings: Record<string, string> = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { fallback }]) => [name, fallback]),
  )
  const faults: SettingFault[] = []
  for (const list of lists) {
    const seen = new Set<string>()
    for (const { text, place } of list) {
      const [name, value] = splitSetting(text)
      const reason = seen.has(name) ? `'${name}' is set twice` : faultOf(name, value)
      seen.add(name)
      if (reason === undefined && value !== undefined) settings[name] = value
      else if (reason !== undefined) faults.push({ place, reason })
    }
  }
  return { settings: settings as AnyhostSettings, faults }
}

/** The settings as a settings file. */
export function renderSettings(settings: AnyhostSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/** The settings as assignments for a shell's `eval`; a list holds quoted words, for a second `eval` where it is used. */
export function renderSettingsForShell(settings: AnyhostSettings): string {
  const lists = settingLists(settings)
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quote(lists[name]?.map(quote).join(' ') ?? value)}\n`)
    .join('')
}

/** The settings that are lists, as words. */
export function settingLists(settings: AnyhostSettings): Readonly<Record<string, readonly string[]>> {
  const lists: Readonly<Record<string, Setting>> = SETTINGS
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => lists[name]?.list)
      .map(([name, value]) => [name, splitWords(value)]),
  )
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Blanks between words, '…' and "…" around blanks, as in a shell, and nothing else of a shell. */
function splitWords(text: string): string[] {
  return [...text.matchAll(WORD)].map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
}

const WORD = /(?:'[^']*'|"[^"]*"|[^\s'"])+/g

function splitSetting(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function faultOf(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return `not KEY=VALUE: '${name}'`
  if (!isSettingName(name)) return `unknown key '${name}'`
  if (hasControls(value)) return `${name}: control characters`
  const { expected, isGood } = SETTINGS[name]
  return isGood(value) ? undefined : `${name}: '${value}' is not ${expected}`
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name)
}

function hasControls(value: string): boolean {
  return [...value].some(char => char < ' ' || char === '\x7f')
}

function isPath(value: string): boolean {
  return value.startsWith('/') && !value.endsWith('/')
}

function isWords(value: string): boolean {
  return value.replaceAll(WORD, '').trim() === ''
}

function isPathList(value: string): boolean {
  return value !== '' && isWords(value) && splitWords(value).every(isPath)
}

function isPeriod(value: string): boolean {
  return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 86400
}

function isListen(value: string): boolean {
  const port = /^(?:[\w.-]*|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(value)?.[1]
  return port !== undefined && Number(port) <= 65535
}
