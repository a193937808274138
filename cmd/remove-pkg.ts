import type { CommandSpec } from '../lib/cli/command.ts'
import { worstOf } from '../lib/cli/exit.ts'
import { message } from '../lib/cli/message.ts'
import { toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'

const spec = {
  name: 'remove-pkg',
  summary: 'Remove the package of an agent, and all that is kept to bring it back.',
  operands: 'NAME',
  operandCount: [1, 1],
  records: true,
  options: {
    force: { short: 'f', long: 'force', help: 'go on when a step fails, and remove what is left' },
    timeout: { short: 't', long: 'timeout', value: 'SECS', to: toDuration(1, 86400), help: 'of each tool (10m)' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  process.umask(0o022) // as rpm and dpkg do: other users run what is installed
  const { placesOf } = await import('../lib/agent/places.ts')
  const { toPackageName } = await import('../lib/package/package-request.ts')
  const { removePackage } = await import('../lib/package/remove.ts')
  const { record, faults } = await removePackage(toPackageName(operands[0]), options.force, {
    base: placesOf(process.env).base,
    timeout: options.timeout ?? 600,
    warn: text => message('warning', text),
  })
  await out.write(record)
  return worstOf(faults)
})
