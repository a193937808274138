import { reasonOf } from '../errors.ts'
import { runChild } from '../sys/child.ts'

/** The programs that reach named, as lists of words. */
export interface NamedPrograms {
  /** rndc and its options. */
  readonly rndc: readonly string[]
  /** Called with `reload` or `restart` as last word, or in place of a word `{}`. */
  readonly service: readonly string[]
}

/** How long a program may run, in seconds: a reload is only ordered, a restart waits for named to end and to start. */
const LIMIT_SECONDS = { reload: 10, restart: 60 } as const

type Verb = keyof typeof LIMIT_SECONDS

/** What came of telling named: `reached` when it heard the order, `said` when somebody was not content with it. */
export interface Told {
  readonly reached: boolean
  readonly said: string | undefined
}

/** rndc prints this when named itself said no; then the file is at fault, unless there is no such zone. */
const NAMED_SAID_NO = /'reload' failed: (?!not found)/

/**
 * Tells named to reload the zone: `rndc reload ZONE`, and where that is missing or fails the service command. named
 * mostly says only that the order is queued: it is the serial that shows what came of it.
 */
export async function tellReload(programs: NamedPrograms, zone: string): Promise<Told> {
  const first = await tell([...programs.rndc, 'reload', zone], 'reload')
  if (first === undefined || NAMED_SAID_NO.test(first)) return { reached: true, said: first }
  const { reached, said } = await tellService(programs, 'reload')
  return reached ? { reached, said } : { reached, said: `${first}; ${said}` }
}

/** Calls the service command with `reload` or `restart`; exit status 0 means that named heard it. */
export async function tellService(programs: NamedPrograms, verb: Verb): Promise<Told> {
  const { service } = programs
  const said = await tell(
    service.includes('{}') ? service.map(word => (word === '{}' ? verb : word)) : [...service, verb],
    verb,
  )
  return { reached: said === undefined, said }
}

/** Runs one of them; returns what went wrong in words, or undefined. */
async function tell([program = '', ...args]: readonly string[], verb: Verb): Promise<string | undefined> {
  const timeout = LIMIT_SECONDS[verb]
  try {
    const { code, signal, timedOut, stdout, stderr } = await runChild(program, args, { timeout })
    if (timedOut) return `'${program}' took more than ${timeout} s`
    if (code === 0) return undefined
    const said = firstLine(stderr) || firstLine(stdout)
    return `'${program}' ${said === '' ? `ended with ${code ?? signal}` : `said: ${said}`}`
  } catch (error) {
    return reasonOf(error)
  }
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200).trimEnd()
}
