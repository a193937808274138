import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** Makes the check of one record type: returns the record, typed, or throws an Error that names the field. */
export function checkOf<S extends TSchema>(schema: S): (record: unknown) => Static<S> {
  const validator = Compile(schema)
  return record => {
    if (validator.Check(record)) return record as Static<S>
    throw new Error(explain(validator.Errors(record)))
  }
}

interface Explained {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

/** The first fault in words; of a union, what its branches wanted. */
function explain(errors: readonly Explained[]): string {
  const error = errors.find(({ keyword }) => keyword === 'anyOf') ?? errors[0]
  if (error === undefined) return 'not valid'
  const field = error.instancePath.slice(1).replaceAll('/', '.')
  if ('requiredProperties' in error.params) {
    const [missing] = error.params.requiredProperties as readonly string[]
    return `field '${field === '' ? '' : `${field}.`}${missing}' is missing`
  }
  const wishes = errors
    .filter(other => other.instancePath === error.instancePath && other.keyword !== 'anyOf')
    .map(wish)
  return `field '${field}' must ${[...new Set(wishes)].join(' or ').replaceAll(' or be ', ' or ')}`
}

function wish({ message, params }: Explained): string {
  if ('allowedValues' in params) return `be ${quote(params.allowedValues as readonly string[])}`
  if ('allowedValue' in params) return `be ${quote([String(params.allowedValue)])}`
  return message.replace(/^must /, '')
}

function quote(words: readonly string[]): string {
  return words.map(word => `'${word}'`).join(' or ')
}
