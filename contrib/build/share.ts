// Writes what is installed under share/ and follows from the sources: the JSON Schemas of the records, and completions
// for bash and zsh from the option tables, as `-h` prints them.
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderBashCompletion, renderZshCompletion } from './completion.ts'
import { parseHelp } from './help.ts'
import { readSchemas } from './schemas.ts'

const root = join(import.meta.dirname, '../..')
const share = join(root, 'bin/.share')

await writeSchemas(join(root, 'lib/model'), join(share, 'schemas'))
await writeCompletions(join(root, 'bin'), join(share, 'completion'))

async function writeSchemas(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const schema of await readSchemas(from)) {
    const name = schema.$id.slice(schema.$id.lastIndexOf('/') + 1)
    const published = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }
    await writeFile(join(to, name), `${JSON.stringify(published, null, 2)}\n`)
  }
}

async function writeCompletions(bin: string, to: string): Promise<void> {
  await mkdir(join(to, 'bash'), { recursive: true })
  await mkdir(join(to, 'zsh'), { recursive: true })
  for (const name of await readdir(bin)) {
    if (name.startsWith('.') || name === 'package.json') continue
    const help = parseHelp(execFileSync(join(bin, name), ['-h'], { encoding: 'utf8' }))
    await writeFile(join(to, 'bash', name), renderBashCompletion(name, help))
    await writeFile(join(to, 'zsh', `_${name}`), renderZshCompletion(name, help))
  }
}
