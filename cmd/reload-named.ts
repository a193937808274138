import { BadInput, type Place } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { EXIT, type ExitStatus } from '../lib/cli/exit.ts'
import { toInputs } from '../lib/cli/inputs.ts'
import { message } from '../lib/cli/message.ts'
import { toDuration, toPort } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'
import { toAddress } from '../lib/cli/words.ts'
import { toWords } from '../lib/model/command-line.ts'

const spec = {
  name: 'reload-named',
  summary: 'Make named take a changed zone file, and bring the previous one back when it does not.',
  operands: '[FILE…]',
  operandCount: [0, 1000],
  records: true,
  options: {
    rndc: { long: 'rndc', value: 'CMD', to: toWords, help: "rndc and its options (default 'rndc')" },
    server: { long: 'server', value: 'ADDR', to: toAddress, help: 'ask named here for the serial (default 127.0.0.1)' },
    port: { long: 'port', value: 'N', to: toPort, help: 'and at this port (default 53)' },
    zone: { long: 'zone', value: 'NAME', help: "the zone (default '.')" },
    service: { long: 'service', value: 'CMD', to: toWords, help: "where rndc fails (default 'service named')" },
    restart: { long: 'restart', help: 'restart named when a reload does not help' },
    always: { short: 'a', long: 'always', help: 'also reload an unchanged file that named does not serve' },
    timeout: { short: 't', long: 'timeout', value: 'SECS', to: toDuration(0.1, 600), help: 'wait so long (default 5)' },
    strict: { long: 'strict', help: 'do nothing when any line is bad' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const { readReportedZones } = await import('../lib/origin/named-changes.ts')
  const { isServed, reloadNamed } = await import('../lib/origin/named-reload.ts')
  const { systemClock } = await import('../lib/sys/clock.ts')
  const settings = {
    rndc: options.rndc ?? ['rndc'],
    service: options.service ?? ['service', 'named'],
    server: options.server ?? '127.0.0.1',
    port: options.port ?? 53,
    zone: options.zone ?? '.',
    timeout: options.timeout ?? 5,
    restart: options.restart,
  }
  const bad = new BadInput(spec.name, out)
  const report = (place: Place, reason: string) => bad.report(place, reason)
  const zones = readReportedZones(toInputs(operands), text => out.pass(text), report)
  const due = options.strict ? await Array.fromAsync(zones) : zones
  bad.refuseIfStrict(options.strict)
  let worst: ExitStatus = EXIT.ok
  for await (const zone of due) {
    if (!zone.changed && (!options.always || (await isServed(zone.serial, settings)))) continue
    const { record, failure } = await reloadNamed(zone, settings, systemClock)
    if (failure !== undefined) message('fatal', failure.alert.message)
    if (failure !== undefined && worst !== EXIT.no) worst = EXIT[failure.fault]
    await out.write(record)
    if (failure !== undefined && !process.stdout.isTTY) await out.write(failure.alert)
  }
  return worst === EXIT.ok ? bad.status() : worst
})
