import { bashValues, namesOf, quoteZsh, zshValues } from './completion.ts'
import type { Help, HelpVerb } from './help.ts'

/**
 * Prints the agents' names: those of the files that describe them, which takes no daemon, no privilege and no start of
 * a program of ours (B65). Nothing but names: the shells expand what they are given.
 */
const AGENT_NAMES = String.raw`ls "${'${'}BOOTAGENT_CONF:-/etc/cargo/BootAgent}" 2>/dev/null | sed -n 's/^\([A-Za-z0-9_-]*\)\.json$/\1/p'`

/** For bash: a verb, its second word, or what the verb takes, by the words before that are no options. */
export function bashVerbs({ options, verbs }: Help): string {
  const valued = options.filter(({ value }) => value !== undefined).flatMap(namesOf)
  const heads = [...headsOf(verbs)].map(([head, next]) => `'${head}') ${bashWords(`'${next.join(' ')}'`)} ;;`)
  const operands = casesOf(verbs, operands =>
    isAgent(operands) ? bashWords(`"$(${AGENT_NAMES})"`) : bashValues(operands),
  )
  return `local i words=
          for ((i = 1; i < COMP_CWORD; i++)); do
            case \${COMP_WORDS[i]} in
              ${valued.join(' | ')}) i=$((i + 1)) && [ "\${COMP_WORDS[i]}" != = ] || i=$((i + 1)) ;;
              -*) ;;
              *) words+="\${COMP_WORDS[i]} " ;;
            esac
          done
          case $words in
            ${[...heads, ...operands].join('\n            ')}
          esac`
}

/** For zsh, after _arguments has left the operands: the same. */
export function zshVerbs(verbs: readonly HelpVerb[]): string {
  const heads = [...headsOf(verbs)].map(([head, next]) => {
    const told = next.map(word => `'${word}:${quoteZsh(helpOf(verbs, head + word))}'`)
    return `  '${head}') local -a verbs=(${told.join(' ')}) && _describe verb verbs ;;`
  })
  const operands = casesOf(verbs, zshOperands).map(line => `  ${line}`)
  return `[[ $state == operands ]] || return
local before="\${(j: :)\${(@)words[1,CURRENT-1]:#-*}}"
case "$before\${before:+ }" in
${[...heads, ...operands].join('\n')}
esac
`
}

/** The words that can follow a head: '' is followed by the first words of the verbs, `config ` by its second ones. */
function headsOf(verbs: readonly HelpVerb[]): Map<string, string[]> {
  const heads = new Map<string, string[]>()
  for (const { words } of verbs) {
    const [first = '', second] = words.split(' ')
    heads.set('', [...new Set([...(heads.get('') ?? []), first])])
    if (second !== undefined) heads.set(`${first} `, [...(heads.get(`${first} `) ?? []), second])
  }
  return heads
}

/** The cases of what follows a verb; those that offer the same share one. */
function casesOf(verbs: readonly HelpVerb[], offer: (operands: string) => string): string[] {
  const patterns = Map.groupBy(verbs, ({ operands }) => offer(operands))
  return [...patterns].map(([offered, list]) => `${list.map(({ words }) => `'${words} '*`).join(' | ')}) ${offered} ;;`)
}

/** Of a verb, or of all those that begin so. */
function helpOf(verbs: readonly HelpVerb[], words: string): string {
  const verb = verbs.find(verb => verb.words === words)
  const seconds = verbs.filter(verb => verb.words.startsWith(`${words} `)).map(verb => verb.words.split(' ')[1])
  return verb?.help ?? seconds.join(', ')
}

function isAgent(operands: string): boolean {
  return /^\[?NAME/.test(operands)
}

function bashWords(words: string): string {
  return `mapfile -t COMPREPLY < <(compgen -W ${words} -- "$cur")`
}

function zshOperands(operands: string): string {
  if (isAgent(operands)) return `compadd -- $(${AGENT_NAMES})`
  const action = zshValues(operands)
  return action.startsWith('(') ? `compadd -- ${action.slice(1, -1)}` : action
}
