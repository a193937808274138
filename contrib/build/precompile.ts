import type { Plugin } from 'esbuild'
import { Code } from 'typebox/compile'
import type { Published } from './schemas.ts'

const NAMESPACE = 'precompiled'

/**
 * Has the record types compiled when the bundles are made, so that TypeBox itself is in none of them: `compile` becomes
 * a look-up by `$id`, and where a type was built there stays only an object with its `$id`.
 */
export function precompile(schemas: readonly Published[]): Plugin {
  return {
    name: NAMESPACE,
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /lib\/model\/compile\.ts$/ }, () => ({ contents: lookUp(schemas), resolveDir: '/' }))
      onResolve({ filter: /^typebox$/ }, ({ path }) => ({ path, namespace: NAMESPACE }))
      onResolve({ filter: /^check:/ }, ({ path }) => ({ path, namespace: NAMESPACE }))
      onLoad({ filter: /^typebox$/, namespace: NAMESPACE }, () => ({ contents: KEEP_LAST }))
      onLoad({ filter: /^check:/, namespace: NAMESPACE }, ({ path }) => ({
        contents: checkCode(schemas, path.slice(6)),
      }))
    },
  }
}

/** Every builder of TypeBox takes its options last, and `$id` stands there. */
const KEEP_LAST = 'export default new Proxy({}, { get: () => (...args) => args.at(-1) ?? {} })\n'

function lookUp(schemas: readonly Published[]): string {
  const imports = schemas.map(({ $id }, i) => `import { Check as check${i} } from ${JSON.stringify(`check:${$id}`)}\n`)
  const entries = schemas.map((schema, i) => {
    const bare = JSON.stringify(schema, (key, value) =>
      key === 'description' && typeof value === 'string' ? undefined : value,
    )
    return `  ${JSON.stringify(schema.$id)}: { check: check${i}, schema: ${bare} },\n`
  })
  return `${imports.join('')}const compiled = {\n${entries.join('')}}\nexport const compile = type => compiled[type.$id]\n`
}

function checkCode(schemas: readonly Published[], id: string): string {
  const schema = schemas.find(({ $id }) => $id === id)
  if (schema === undefined) throw new Error(`no record type is called ${id}`)
  const { Code: code, External: external } = Code(schema)
  if (/\b(Hashing|Guard)\./.test(code)) throw new Error(`the check of ${id} needs more of TypeBox than is bundled`)
  const variables = external.variables.map(variable => {
    if (!(variable instanceof RegExp))
      throw new Error(`the check of ${id} needs a value that cannot be written as text`)
    return String(variable)
  })
  return `${code.replaceAll(/^import .*$/gm, '')}\n${external.identifier} = [${variables.join(', ')}]\n`
}
