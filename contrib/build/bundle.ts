// Bundles every command into one executable file in bin/, whose first line names the pinned Node (CommonJS: it starts
// 4 ms faster than the same bundle as a module).
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../..')
const bin = join(root, 'bin')
const sources = (await readdir(join(root, 'cmd'))).sort()
const programs = sources.filter(name => name.endsWith('.ts')).map(name => basename(name, '.ts'))
const scripts = sources.filter(name => !name.endsWith('.ts'))

await rm(bin, { recursive: true, force: true })
await mkdir(bin)
await writeFile(join(bin, 'package.json'), '{ "type": "commonjs" }\n')
await build({
  entryPoints: programs.map(name => join(root, 'cmd', `${name}.ts`)),
  outdir: bin,
  bundle: true,
  platform: 'node',
  target: 'node26',
  format: 'cjs',
  banner: { js: `#!${process.execPath}` },
  legalComments: 'eof',
  logLevel: 'warning',
})
for (const name of programs) {
  await rename(join(bin, `${name}.js`), join(bin, name))
  await chmod(join(bin, name), 0o755)
}
for (const name of scripts) {
  await copyFile(join(root, 'cmd', name), join(bin, name))
  await chmod(join(bin, name), 0o755)
}
