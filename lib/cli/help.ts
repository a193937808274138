import type { CommandSpec, OptionSpec } from './command.ts'
import { COMMON_OPTIONS, shownOption } from './options.ts'

/** The text of `-h`: synopsis, summary, one line an option. The man page test and the completions read this form. */
export function renderHelp(spec: CommandSpec): string {
  const options: OptionSpec[] = [...Object.values<OptionSpec>(spec.options), ...Object.values(COMMON_OPTIONS)]
  const names = options.map(renderNames)
  const width = Math.max(...names.map(name => name.length))
  const lines = options.map((option, i) => `  ${(names[i] ?? '').padEnd(width)}  ${option.help}`)
  const notes = spec.notes === undefined ? [] : ['', ...spec.notes]
  return [`usage: ${renderSynopsis(spec)}`, '', spec.summary, '', ...lines, ...notes, ''].join('\n')
}

function renderSynopsis(spec: CommandSpec): string {
  const words = Object.values<OptionSpec>(spec.options).map(option => {
    const word = `${shownOption(option)}${option.value === undefined ? '' : ` ${option.value}`}`
    return `${option.required ? word : `[${word}]`}${option.repeat ? '…' : ''}`
  })
  return [spec.name, ...words, ...(spec.operands === undefined ? [] : [spec.operands])].join(' ')
}

function renderNames(option: OptionSpec): string {
  const short = option.short === undefined ? '   ' : `-${option.short}${option.long === undefined ? '' : ','}`
  const long = option.long === undefined ? '' : `--${option.long}`
  const names = long === '' ? short : `${short} ${long}`
  return option.value === undefined ? names : `${names} ${option.value}`
}
