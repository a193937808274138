import type { Fault } from '../errors.ts'

/** The exit statuses of every command, and the only place that knows the numbers (sysexits.h where it has one). */
export const EXIT = {
  ok: 0,
  no: 1,
  usage: 64,
  data: 65,
  unavailable: 69,
  bug: 70,
  io: 74,
  again: 75,
  permission: 77,
  config: 78,
} as const satisfies Record<Fault | 'ok', number>

/** An exit status of a command. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

/** The exit status after several faults, each told already: the highest. */
export function worstOf(faults: readonly Fault[]): ExitStatus {
  return faults.reduce<ExitStatus>((worst, fault) => (EXIT[fault] > worst ? EXIT[fault] : worst), EXIT.ok)
}
