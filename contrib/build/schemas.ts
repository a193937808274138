import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TSchema } from 'typebox'

/** A record type with its published name. */
export type Published = TSchema & { readonly $id: string }

/** Every record type that the files of a directory export, in the order of their names. */
export async function readSchemas(directory: string): Promise<Published[]> {
  const schemas: Published[] = []
  for (const file of (await readdir(directory)).sort()) {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(directory, file)).href)
    schemas.push(...Object.values(exported).filter(isPublished))
  }
  return schemas
}

function isPublished(value: unknown): value is Published {
  return typeof value === 'object' && value !== null && '$id' in value && typeof value.$id === 'string'
}
