import { hostname } from 'node:os'
import { type Place, renderPlace } from '../lib/cli/bad-input.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { EXIT } from '../lib/cli/exit.ts'
import { toInputs } from '../lib/cli/inputs.ts'
import { message } from '../lib/cli/message.ts'
import { toDuration } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'
import { toMailAddress, toMailSender } from '../lib/cli/words.ts'

const spec = {
  name: 'mail-alert',
  summary: 'Mail the alerts that come in: one mail for all, the same one at most hourly, an all-clear at the end.',
  operands: '[FILE…]',
  operandCount: [0, 1000],
  options: {
    to: { short: 't', long: 'to', value: 'TO', to: toMailAddress, repeat: true, required: true, help: 'the recipient' },
    from: { short: 'f', long: 'from', value: 'FROM', to: toMailSender, help: 'from this one (default USER@HOST)' },
    smtp: { long: 'smtp', value: 'URL', help: 'through smtp://HOST:PORT or smtps://HOST:PORT' },
    userFile: { long: 'user-file', value: 'FILE', help: 'log in with USER:PASSWORD, or netrc, from FILE' },
    tlsCa: { long: 'tls-ca', value: 'FILE', help: 'trust these certificates, PEM' },
    sendmail: { long: 'sendmail', value: 'PROGRAM', help: 'send through it (default /usr/sbin/sendmail)' },
    state: { long: 'state', value: 'FILE', help: 'remember what was mailed here' },
    every: { long: 'every', value: 'SECS', to: toDuration(0, 31536000), help: 'the same alert once in (default 1h)' },
    clear: { long: 'clear-after', value: 'SECS', to: toDuration(0, 31536000), help: 'all clear after (default 5m)' },
    subject: { long: 'subject', value: 'TEXT', help: "begin the subject with TEXT (default the host's name)" },
    timeout: { long: 'timeout', value: 'SECS', to: toDuration(0.1, 3600), help: 'to send the mail (default 30)' },
    dryRun: { short: 'n', long: 'dry-run', help: 'print the mail; send and remember nothing' },
  },
} as const satisfies CommandSpec

run(spec, async ({ options, operands }, out) => {
  const { defaultSender, toWay } = await import('../lib/alert/mail-way.ts')
  const { defaultStatePath } = await import('../lib/alert/alert-store.ts')
  const { mailAlerts } = await import('../lib/alert/mail-alerts.ts')
  let faults = 0
  const settings = {
    from: options.from ?? { name: '', address: defaultSender() },
    to: options.to,
    title: options.subject ?? hostname(),
    way: toWay(options.smtp, options.sendmail, options.userFile, options.tlsCa),
    state: options.state ?? defaultStatePath(),
    every: options.every ?? 3600,
    clearAfter: options.clear ?? 300,
    timeout: options.timeout ?? 30,
    show: options.dryRun ? (text: string) => out.pass(text) : undefined,
  }
  const bad = (place: Place, reason: string) => {
    faults++
    message('warning', `${renderPlace(place)}: ${reason}`)
  }
  await mailAlerts(toInputs(operands), settings, { bad, warn: text => message('warning', text) })
  return faults > 0 ? EXIT.data : EXIT.ok
})
