import { BadInput } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { message } from '../lib/cli/message.ts'
import { toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'

const spec = {
  name: 'install-pkg',
  summary: 'Install a version of the package of an agent, whole or not at all, and bring the earlier one back.',
  operands: 'NAME [VERSION [FILE|yum:…|apt:…]]',
  operandCount: [1, 3],
  records: true,
  options: {
    back: { short: 'b', long: 'back', help: 'bring back what was installed before (VERSION)' },
    sha256: { long: 'sha256', value: 'HEX', help: 'refuse a file that has not this SHA-256' },
    timeout: { short: 't', long: 'timeout', value: 'SECS', to: toDuration(1, 86400), help: 'of each tool (10m)' },
    unverified: { long: 'unverified', help: 'also install a file that was fetched without a checksum' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  process.umask(0o022) // as rpm and dpkg do: other users run what is installed
  const { placesOf } = await import('../lib/agent/places.ts')
  const { toPackageRequest } = await import('../lib/package/package-request.ts')
  const { goBack } = await import('../lib/package/go-back.ts')
  const { installPackage } = await import('../lib/package/install.ts')
  const settings = {
    base: placesOf(process.env).base,
    timeout: options.timeout ?? 600,
    warn: (text: string) => message('warning', text),
  }
  const { name, version, undo, source } = toPackageRequest(operands, options)
  const bad = new BadInput(spec.name, out)
  const fetched = async () => {
    const { readFetched } = await import('../lib/package/read-fetched.ts')
    const others = {
      pass: (text: string) => out.pass(text),
      bad: (line: number, reason: string) => bad.report({ line }, reason),
    }
    return readFetched(process.stdin, others, options.unverified)
  }
  const record =
    version === null
      ? await goBack(name, undo, settings)
      : await installPackage(name, version, source ?? (await fetched()), settings)
  await out.write(record)
  return bad.status()
})
