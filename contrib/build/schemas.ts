import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TSchema } from 'typebox'

/** A record type with its published name. */
export type Published = TSchema & { readonly $id: string }

/** Every record type that the files of a directory export, in the order of their names. */
export async function readSchemas(directory: string): Promise<Published[]> {
  return [...(await readSchemasByFile(directory)).values()].flat()
}

/** The record types that each file of a directory exports, by the name of the file. */
export async function readSchemasByFile(directory: string): Promise<ReadonlyMap<string, readonly Published[]>> {
  const schemas = new Map<string, readonly Published[]>()
  for (const file of (await readdir(directory)).sort()) {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(directory, file)).href)
    schemas.set(file, Object.values(exported).filter(isPublished))
  }
  return schemas
}

function isPublished(value: unknown): value is Published {
  return typeof value === 'object' && value !== null && '$id' in value && typeof value.$id === 'string'
}
