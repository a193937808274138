import { hostname } from 'node:os'
import type { CommandSpec } from '../lib/cli/command.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'
import { CommandError, reasonOf } from '../lib/errors.ts'

const spec = {
  name: 'splay',
  summary: "Sleep a time in [0, PERIOD) that depends only on the host's name.",
  operands: 'PERIOD',
  operandCount: [1, 1],
  options: {
    align: { short: 'a', long: 'align', help: 'sleep until PERIOD comes round on the clock, plus that time' },
    name: { long: 'name', value: 'NAME', help: "hash NAME instead of the host's name" },
    dryRun: { short: 'n', long: 'dry-run', help: 'print the seconds instead of sleeping' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands: [text = ''] }, out) => {
  const { splayOf, untilAligned } = await import('../lib/origin/splay.ts')
  const { systemClock } = await import('../lib/sys/clock.ts')
  const period = toPeriod(text)
  const splay = splayOf(options.name ?? hostname(), period)
  const seconds = options.align ? untilAligned(systemClock.now(), period, splay) : splay
  if (options.dryRun) await out.pass(seconds.toFixed(3))
  else await systemClock.sleep(seconds)
  return EXIT.ok
})

function toPeriod(text: string): number {
  try {
    return toDuration(0, 86400)(text)
  } catch (error) {
    throw new CommandError('usage', `PERIOD: ${reasonOf(error)}`)
  }
}
