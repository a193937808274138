/** The part of JSON Schema that record types are made of. */
export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** The first fault of a value that its schema's check has refused, naming the field and what was expected. */
export function explain(schema: JsonSchema, value: unknown): string {
  return faultOf(schema, value, '') ?? 'not valid'
}

function faultOf(schema: JsonSchema, value: unknown, field: string): string | undefined {
  if (schema.anyOf !== undefined) return unionFault(schema.anyOf, value, field)
  if (!isMet(schema, value)) return `field '${field}' must ${wishOf(schema)}`
  if (Array.isArray(value)) return firstFault(value.keys(), i => faultOf(schema.items ?? {}, value[i], under(field, i)))
  if (!isObject(value)) return undefined
  const missing = schema.required?.find(name => !Object.hasOwn(value, name))
  if (missing !== undefined) return `field '${under(field, missing)}' is missing`
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => value[name] !== undefined)
  return firstFault(fields, ([name, inner]) => faultOf(inner, value[name], under(field, name)))
}

/** A union is told by what its branches want, but for an object, where there is one branch for objects. */
function unionFault(branches: readonly JsonSchema[], value: unknown, field: string): string | undefined {
  if (branches.some(branch => faultOf(branch, value, field) === undefined)) return undefined
  const sameKind = branches.find(({ type }) => type === 'object' && isObject(value))
  if (sameKind !== undefined) return faultOf(sameKind, value, field)
  return `field '${field}' must ${branches.map(wishOf).join(' or ').replaceAll(' or be ', ' or ')}`
}

function firstFault<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = find(item)
    if (fault !== undefined) return fault
  }
  return undefined
}

function isMet(schema: JsonSchema, value: unknown): boolean {
  if ('const' in schema) return value === schema.const
  if (schema.enum !== undefined) return schema.enum.includes(value)
  if (!isOfType(schema.type, value)) return false
  if (typeof value === 'string') return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value)
  if (typeof value === 'number') return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity)
  return true
}

function isOfType(type: string | undefined, value: unknown): boolean {
  if (type === undefined) return true
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return type === 'number' ? Number.isFinite(value) : typeof value === type
}

function wishOf(schema: JsonSchema): string {
  if ('const' in schema) return `be '${String(schema.const)}'`
  if (schema.enum !== undefined) return `be ${schema.enum.map(word => `'${String(word)}'`).join(' or ')}`
  const bounds = [
    ...(schema.pattern === undefined ? [] : [`match ${schema.pattern}`]),
    ...(schema.minimum === undefined ? [] : [`at least ${schema.minimum}`]),
    ...(schema.maximum === undefined ? [] : [`at most ${schema.maximum}`]),
  ]
  return [`be ${schema.type ?? 'something else'}`, ...bounds].join(', ')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function under(field: string, name: string | number): string {
  return field === '' ? `${name}` : `${field}.${name}`
}
