/** One way a task can end, or how far it has come: a stable number, its name, and what it means. */
export interface ErrCode {
  readonly code: number
  readonly name: string
  readonly text: string
}

/** Every errcode of a task result (B44, B45): 0 is done, below 0 not yet, above 0 why it failed. Numbers never change. */
export const ERRCODES = [
  { code: -3, name: 'INIT', text: 'received' },
  { code: -2, name: 'VALID', text: 'waits for its turn' },
  { code: -1, name: 'START', text: 'is being done' },
  { code: 0, name: 'OK', text: 'done' },
  { code: 101, name: 'BAD_TASK', text: 'a field of the task is missing or wrong' },
  { code: 102, name: 'UNKNOWN_ACTION', text: 'there is no such action' },
  { code: 103, name: 'QUEUE_FULL', text: 'too many tasks are waiting' },
  { code: 104, name: 'CANCELLED', text: 'cancelled by a later task with force' },
  { code: 105, name: 'NO_AGENT', text: 'there is no such agent' },
  { code: 106, name: 'OTHER_VERSION', text: 'the agent has another version' },
  { code: 107, name: 'STOPPING', text: 'bootagent is being stopped' },
  { code: 201, name: 'UNREACHABLE', text: 'the file could not be fetched: nobody there' },
  { code: 202, name: 'NO_FILE', text: 'the file is not on the server' },
  { code: 203, name: 'NO_CHECKSUM', text: 'the task has no checksum' },
  { code: 204, name: 'BAD_CHECKSUM', text: 'the file has another checksum' },
  { code: 205, name: 'TRANSFER', text: 'the file could not be fetched whole' },
  { code: 206, name: 'NO_SPACE', text: 'there is no space left' },
  { code: 207, name: 'OTHER_CHECKSUM', text: 'the checksum in the task is not a SHA256' },
  { code: 301, name: 'BAD_PACKAGE', text: 'the package is not valid' },
  { code: 302, name: 'INSTALL', text: 'the package could not be installed' },
  { code: 303, name: 'REMOVE', text: 'the package could not be removed' },
  { code: 304, name: 'LOCKED', text: 'another program holds the package database' },
  { code: 401, name: 'BAD_CONFIG', text: 'the configuration in the task is not valid' },
  { code: 402, name: 'CONFIG_DIFFERS', text: 'the configuration has another name or version than the task' },
  { code: 403, name: 'WRITE', text: 'the configuration could not be written' },
  { code: 501, name: 'WENT_BACK', text: 'the new version did not stay up, the old one is back' },
  { code: 502, name: 'NOT_BACK', text: 'it failed, and what was there before could not be brought back' },
  { code: 503, name: 'NOT_UP', text: 'the agent did not come up' },
  { code: 504, name: 'NOT_DOWN', text: 'the agent did not stop' },
  { code: 505, name: 'INTERRUPTED', text: 'bootagent was ended in the midst of it, and went back' },
  { code: 901, name: 'INTERNAL', text: 'a fault of bootagent itself' },
  { code: 902, name: 'JOURNAL', text: 'what is needed to go back could not be kept, so nothing was begun' },
] as const satisfies readonly ErrCode[]

/** The names of the errcodes. */
export type ErrName = (typeof ERRCODES)[number]['name']

/** The number of an errcode by its name. */
export function errcodeOf(name: ErrName): number {
  return ERRCODES.find(entry => entry.name === name)?.code ?? 901
}
