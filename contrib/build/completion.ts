import { LOG_LEVELS } from '../../lib/model/control.ts'
import { bashVerbs, zshVerbs } from './completion-verbs.ts'
import type { Help, HelpOption } from './help.ts'

/** The completion of one command for bash: options by name, values by what the table calls them. */
export function renderBashCompletion(name: string, help: Help): string {
  const cases = help.options
    .filter(option => option.value !== undefined)
    .map(option => `    ${namesOf(option).join(' | ')}) ${bashValues(option.value ?? '')} ;;`)
  const fn = `_fleetutils_${name.replaceAll(/\W/g, '_')}`
  return `# bash completion for ${name}; made from its option table
${fn}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # --name=value comes as three words
  if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  case $prev in
${cases.join('\n')}${cases.length > 0 ? '\n' : ''}    *)
      case $cur in
        -*) mapfile -t COMPREPLY < <(compgen -W '${help.options.flatMap(namesOf).join(' ')}' -- "$cur") ;;
        *) ${help.verbs.length > 0 ? bashVerbs(help) : bashValues(help.operands)} ;;
      esac
      ;;
  esac
}
complete -o filenames -F ${fn} ${name}
`
}

/** The completion of one command for zsh. */
export function renderZshCompletion(name: string, help: Help): string {
  const specs = help.options.map(option => {
    const names = namesOf(option)
    const value = option.value === undefined ? '' : `:${quoteZsh(option.value)}:${zshValues(option.value)}`
    const text = `[${quoteZsh(option.help)}]${value}`
    return names.length > 1 ? `  '(${names.join(' ')})'{${names.join(',')}}'${text}'` : `  '${names[0]}${text}'`
  })
  const operands = zshValues(help.operands)
  const rest = operands === '' ? [] : [`  '*:${quoteZsh(help.operands.replaceAll(/[[\]…]/g, ''))}:${operands}'`]
  const hasVerbs = help.verbs.length > 0
  return `#compdef ${name}
# zsh completion for ${name}; made from its option table
${hasVerbs ? 'local curcontext=$curcontext state state_descr line\ntypeset -A opt_args\n' : ''}_arguments ${hasVerbs ? '-C ' : ''}-s -S \\
${[...specs, ...(hasVerbs ? ["  '*:: :->operands'"] : rest)].join(' \\\n')}
${hasVerbs ? zshVerbs(help.verbs) : ''}`
}

/** The options as they are written, `-n` and `--name`. */
export function namesOf({ short, long }: HelpOption): string[] {
  return [...(short === undefined ? [] : [`-${short}`]), ...(long === undefined ? [] : [`--${long}`])]
}

/** The words of a value that is a choice (`last|median`, the one version of --compat), or none. */
function wordsOf(value: string): string[] {
  if (value === 'VERSION') return ['3.3']
  if (value === 'LEVEL') return [...LOG_LEVELS]
  const words = value.split('|')
  return words.length > 1 ? words.filter(word => /^[a-z0-9.-]+:?/.test(word)).map(word => word.replace(/:.*/, ':')) : []
}

const PROGRAM = /\b(PROGRAM|CMD|COMMAND)\b/

/** What bash offers for a value of this name. */
export function bashValues(value: string): string {
  const words = wordsOf(value)
  if (words.length > 0) return `mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$cur")`
  if (/\bDIR\b/.test(value)) return 'mapfile -t COMPREPLY < <(compgen -d -- "$cur")'
  if (PROGRAM.test(value)) return 'mapfile -t COMPREPLY < <(compgen -c -- "$cur")'
  if (/FILE|CONF/.test(value)) return 'mapfile -t COMPREPLY < <(compgen -f -- "$cur")'
  return ':'
}

/** What zsh offers for a value of this name: an action of _arguments, or nothing. */
export function zshValues(value: string): string {
  const words = wordsOf(value)
  if (words.length > 0) return `(${words.join(' ').replaceAll(':', '\\:')})`
  if (/\bDIR\b/.test(value)) return '_files -/'
  if (PROGRAM.test(value)) return '_command_names -e'
  return /FILE|CONF/.test(value) ? '_files' : ''
}

/** A text inside an argument of _arguments or _describe, in single quotes. */
export function quoteZsh(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, char => `\\${char}`).replaceAll("'", "'\\''")
}
