import type { Static, TSchema } from 'typebox'
import { compile } from './compile.ts'
import { explain } from './explain.ts'

/** Makes the check of one record type: returns the record, typed, or throws an Error that names the field. */
export function checkOf<S extends TSchema>(type: S): (record: unknown) => Static<S> {
  const { check, schema } = compile(type)
  return record => {
    if (check(record)) return record as Static<S>
    throw new Error(explain(schema, record))
  }
}
