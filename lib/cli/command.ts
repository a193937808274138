/** One option of a command: its names, its value and its help line. Every option is declared. */
export interface OptionSpec {
  /** One letter, without the dash. */
  readonly short?: string
  /** The long name, without the dashes; a second name where there is a letter. */
  readonly long?: string
  /** What the value is called in the help (`SECS`, `FILE`); absent for a flag. */
  readonly value?: string
  /** Converts and checks the value; throws a plain Error that says what was expected. */
  readonly to?: (text: string) => unknown
  /** May be given several times; the values come as a list. */
  readonly repeat?: true
  /** Without it the command line is wrong; only of options with a value. */
  readonly required?: true
  /** One line for `-h`. */
  readonly help: string
}

/** What `-h`, the parser, the man page test and the completions know of a command: one table for all of them. */
export interface CommandSpec {
  readonly name: string
  /** What it does, in one line. */
  readonly summary: string
  /** The operands as the synopsis shows them, `[FILE…]`; absent when there are none. */
  readonly operands?: string
  /** How many operands are allowed: [least, most]. Default none. */
  readonly operandCount?: readonly [number, number]
  readonly options: Readonly<Record<string, OptionSpec>>
  /** Its stdout carries records: a fatal error leaves there too, as an `error` record, when stdout is no terminal. */
  readonly records?: true
  /** Further lines of help below the options. */
  readonly notes?: readonly string[]
}

type ValueOf<O extends OptionSpec> = O extends { readonly to: (text: string) => infer V } ? V : string

/** The parsed options, typed by the table: flags are booleans, values are what `to` returns or undefined. */
export type OptionValues<S extends CommandSpec> = {
  readonly [K in keyof S['options']]: S['options'][K] extends { readonly value: string; readonly repeat: true }
    ? readonly ValueOf<S['options'][K]>[]
    : S['options'][K] extends { readonly value: string; readonly required: true }
      ? ValueOf<S['options'][K]>
      : S['options'][K] extends { readonly value: string }
        ? ValueOf<S['options'][K]> | undefined
        : boolean
}

/** A command line after parsing. */
export interface Args<S extends CommandSpec> {
  readonly options: OptionValues<S>
  readonly operands: readonly string[]
}
