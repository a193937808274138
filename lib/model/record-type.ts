import Type, { type TSchema } from 'typebox'

/** The JSON Schema `$id` of a record type is this followed by its name. */
const SCHEMA_BASE = 'https://fleetutils.example/schemas/'

/** One record type: an object whose `type` is `name`. Readers ignore fields they do not know. */
export function recordType<const N extends string, P extends Record<string, TSchema>>(
  name: N,
  description: string,
  properties: P,
) {
  const title = `${name} record`
  return Type.Object(
    { type: Type.Literal(name), ...properties },
    { $id: `${SCHEMA_BASE}${name}.json`, title, description },
  )
}

/** A value that may be absent: `null` in JSON. */
export function orNull<S extends TSchema>(schema: S, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
}

/** One of a set of words. */
export function oneOf<W extends string[]>(words: readonly [...W], description: string) {
  return Type.Enum(words, { description })
}

/** A duration in seconds, as a float. */
export const Seconds = (description: string) => Type.Number({ description, minimum: 0 })

/** A number of things, from 0. */
export const Count = (description: string) => Type.Integer({ description, minimum: 0 })
