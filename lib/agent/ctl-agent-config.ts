import { type AgentConfig, STOP_SIGNALS } from '../model/agent-config.ts'

type Look = (value: unknown) => boolean

const isText: Look = value => typeof value === 'string'
const isNumber: Look = value => typeof value === 'number'
const isFlag: Look = value => typeof value === 'boolean'
const isOneOf = (words: readonly unknown[]): Look => words.includes.bind(words)
const isList =
  (look: Look): Look =>
  value =>
    Array.isArray(value) && value.every(look)
const isNullOr =
  (look: Look): Look =>
  value =>
    value === null || look(value)
const hasFields =
  (fields: Readonly<Record<string, Look>>): Look =>
  value =>
    isObject(value) && Object.entries(fields).every(([name, look]) => look(value[name]))

const isMatch = hasFields({ kind: isOneOf(['regex', 'string']), text: isText })

const FIELDS: Readonly<Record<keyof AgentConfig, Look>> = {
  name: isText,
  version: isText,
  exec: isText,
  argv: value => isList(isText)(value) && Array.isArray(value) && value.length > 0,
  type: isOneOf(['simple', 'fork']),
  pidfile: isNullOr(isText),
  user: isNullOr(isText),
  group: isNullOr(isText),
  envs: value => isObject(value) && Object.values(value).every(isText),
  startsecs: isNumber,
  autostart: isFlag,
  single: isFlag,
  stopsignal: isOneOf(STOP_SIGNALS),
  stopsecs: isNumber,
  stopasgroup: isFlag,
  stopit: isFlag,
  restartsecs: isNumber,
  retries: isNumber,
  exitcodes: isList(isNumber),
  autorestart: isOneOf(['yes', 'no', 'unexpect']),
  cgroup: isNullOr(hasFields({ cpu: isNullOr(isNumber), mem: isNullOr(isNumber) })),
  limits: isNullOr(
    hasFields({ interval: isNumber, cpu: isNullOr(isNumber), mem: isNullOr(isNumber), fds: isNullOr(isNumber) }),
  ),
  check: isNullOr(hasFields({ interval: isNumber, path: isText, match: isMatch })),
  heartbeat: isNullOr(hasFields({ interval: isNumber, match: isNullOr(isMatch) })),
  checks: isNumber,
  checksecs: isNumber,
  checkall: isFlag,
}

/** An agent's configuration as agent-spawn tells it (B58); throws an Error that names the first field that is wrong. */
export function toAgentConfig(value: unknown): AgentConfig {
  if (isAgentConfig(value)) return value
  const fields = isObject(value) ? value : {}
  const wrong = Object.entries(FIELDS).find(([name, look]) => !look(fields[name]))
  throw new Error(`field '${wrong?.[0]}' is wrong or missing`)
}

function isAgentConfig(value: unknown): value is AgentConfig {
  return hasFields(FIELDS)(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
