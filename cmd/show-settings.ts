import { readFileSync } from 'node:fs'
import type { CommandSpec } from '../lib/cli/command.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { message } from '../lib/cli/message.ts'
import { run } from '../lib/cli/run.ts'
import { CommandError, errnoOf, reasonOf } from '../lib/errors.ts'
import type { SettingLine } from '../lib/model/anyhost-settings.ts'

const DEFAULT_FILE = '/etc/anyhost.conf'

const spec = {
  name: 'show-settings',
  summary: 'Show the settings of the anyhost daemon that are in force: defaults, anyhost.conf, arguments.',
  operands: '[KEY=VALUE…]',
  operandCount: [0, 100],
  options: {
    config: { short: 'c', value: 'FILE', help: `read FILE instead of ${DEFAULT_FILE}` },
    test: { short: 't', long: 'test', help: 'test the options of the commands and the domain.conf too' },
    sh: { long: 'sh', help: 'quote the values for the shell' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const model = await import('../lib/model/anyhost-settings.ts')
  const given: SettingLine[] = operands.map((text, i) => ({ text, place: `argument ${i + 1}` }))
  const file = options.config ?? DEFAULT_FILE
  const { settings, faults } = model.resolveSettings([
    model.settingLines(readSettings(file, options.config !== undefined), file),
    given,
  ])
  for (const { place, reason } of faults) message('warning', `${place}: ${reason}`)
  if (faults.length > 0) throw new CommandError('config', `${faults.length} wrong in the settings`)
  if (options.test) {
    const { testSettings } = await import('../lib/origin/settings-test.ts')
    const failed = await testSettings(model.settingLists(settings))
    for (const { what, stderr } of failed) process.stderr.write(`${stderr}show-settings: warning: ${what}\n`)
    if (failed.length > 0) throw new CommandError('config', `${failed.length} wrong in what the settings name`)
  }
  await out.pass((options.sh ? model.renderSettingsForShell(settings) : model.renderSettings(settings)).slice(0, -1))
  return EXIT.ok
})

/** The text of the settings file; the default one may be missing. */
function readSettings(file: string, mustExist: boolean): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && !mustExist) return ''
    throw new CommandError('config', `unable to read '${file}': ${reasonOf(error)}`, { cause: error })
  }
}
