// Bundles every command into one executable file in bin/, whose first line names the pinned Node (CommonJS: it starts
// 4 ms faster than the same bundle as a module).
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BuildResult, build, type Plugin } from 'esbuild'
import { parseServerList } from '../../lib/model/server-list.ts'
import { precompile } from './precompile.ts'
import { type Published, readSchemasByFile } from './schemas.ts'

const root = join(import.meta.dirname, '../..')
const bin = join(root, 'bin')
const sources = (await readdir(join(root, 'cmd'))).sort()
const programs = sources.filter(name => name.endsWith('.ts')).map(name => basename(name, '.ts'))
const scripts = sources.filter(name => !name.endsWith('.ts'))

/**
 * What V8 is told of commands that hold a whole round: with small young generations 50,000 probes take 120 MB instead
 * of 185, in the same time; and what comes of a download is done with at once, by no thread of V8's own, which is 3 MB
 * less. agent-spawn is resident on every host: without the compilers it is a fifth smaller, and nothing in it is hot;
 * what starts and ends leave behind in V8's memory is moved together (half a megabyte after a thousand of them);
 * and no expression of a configuration can hold it up for longer than its text is long.
 */
const V8_FLAGS: Readonly<Record<string, readonly string[]>> = {
  'probe-ips': ['--max-semi-space-size=2'],
  'rank-ips': ['--max-semi-space-size=4'],
  'write-anyhost': ['--max-semi-space-size=4'],
  'ftp-get': ['--max-semi-space-size=2', '--expose-gc', '--single-threaded'],
  'agent-spawn': [
    '--lite-mode',
    '--expose-gc',
    '--compact-on-every-full-gc',
    '--v8-pool-size=1',
    '--enable-experimental-regexp-engine-on-excessive-backtracks',
  ],
}

/** nodemailer's table of file types is a fifth of it, and serves attachments only, of which we send none. */
const withoutFileTypes: Plugin = {
  name: 'without-file-types',
  setup({ onLoad }) {
    const contents =
      "export const detectMimeType = () => 'application/octet-stream'\nexport const detectExtension = () => 'bin'\n"
    onLoad({ filter: /nodemailer\/dist\/esm\/mime-funcs\/mime-types\.js$/ }, () => ({ contents }))
  },
}

/** The servers that are always there (B55): `make BOOT_SERVER_ADDR=HOST:PORT,HOST`. */
const servers = process.env['BOOT_SERVER_ADDR'] ?? ''
const { faults } = parseServerList(servers)
if (faults.length > 0 || /['\s]/.test(servers)) throw new Error(`BOOT_SERVER_ADDR: ${faults[0] ?? 'blanks or quotes'}`)

const model = join(root, 'lib/model')
const schemas = await readSchemasByFile(model)

/** Bundles commands, the checks of these record types compiled into them. */
function bundle(names: readonly string[], types: readonly Published[], write: boolean): Promise<BuildResult> {
  return build({
    entryPoints: names.map(name => join(root, 'cmd', `${name}.ts`)),
    outdir: bin,
    absWorkingDir: root,
    bundle: true,
    write,
    metafile: true,
    platform: 'node',
    target: 'node26',
    format: 'cjs',
    legalComments: 'eof',
    // A third less to read at each start; the names stay, for the stack of a bug.
    minifyWhitespace: true,
    minifySyntax: true,
    define: { 'process.env.BOOT_SERVER_ADDR': JSON.stringify(servers) },
    plugins: [precompile(types), withoutFileTypes],
    logLevel: 'warning',
  })
}

await rm(bin, { recursive: true, force: true })
await mkdir(bin)
await writeFile(join(bin, 'package.json'), '{ "type": "commonjs" }\n')
// Once to see which files of the model each command has, and then with the record types of those alone.
const { metafile } = await bundle(programs, [...schemas.values()].flat(), false)
await Promise.all(
  programs.map(async name => {
    const inputs = metafile?.outputs[`bin/${name}.js`]?.inputs ?? {}
    const isIn = (file: string) => (inputs[`lib/model/${file}`]?.bytesInOutput ?? 0) > 0
    await bundle(
      [name],
      [...schemas].flatMap(([file, types]) => (isIn(file) ? types : [])),
      true,
    )
  }),
)
for (const name of programs) {
  const file = join(bin, `${name}.js`)
  const text = await readFile(file, 'utf8')
  await writeFile(join(bin, name), `${firstLine(V8_FLAGS[name] ?? [])}\n${text}`, { mode: 0o755 })
  await rm(file)
}
for (const name of scripts) {
  const text = await readFile(join(root, 'cmd', name), 'utf8')
  await writeFile(join(bin, name), text.replace("built_in=''", `built_in='${servers}'`), { mode: 0o755 })
}

/** The kernel hands on all that follows the program as one word: more than one need env to part them. */
function firstLine(flags: readonly string[]): string {
  const words = [process.execPath, ...flags]
  return words.length > 2 ? `#!/usr/bin/env -S ${words.join(' ')}` : `#!${words.join(' ')}`
}
