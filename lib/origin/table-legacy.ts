import type { Candidate, Decision, TableInput } from './table.ts'
import {
  activeStatus,
  comments,
  counted,
  decision,
  lineOf,
  meaningOf,
  published,
  publishing,
  share,
  unmeasured,
  withoutAddresses,
} from './table-lines.ts'

/** The decision table of version 3.3, case by case in its order (formats 9): the first condition that holds decides. */
export function decideLegacy(input: TableInput): Decision {
  const { main, backup } = input
  if (main.length === 0) return backup.length === 0 ? withoutAddresses(input) : onlyBackups(backup)
  // The program kept column 8 in eight bits (formats 2.2).
  const n = Math.min(input.publish & 0xff, main.length)
  if (!input.detect) {
    const reason = `not measured; ${share(n, main.length, 'main', 'published')}`
    return decision('B', n === 0, reason, [...unmeasured(main, n), ...unmeasured(backup, 0)])
  }
  const good = main.filter(candidate => candidate.good)
  if (good.length > 0) {
    const chosen = good.slice(0, n)
    const reason = `${share(good.length, main.length, 'main', 'good')}; ${published(chosen.length, good.length)}`
    return decision('C', n === 0, reason, [...publishing(main, chosen), ...comments(backup)])
  }
  return backup.length === 0 ? withoutGoodOrBackup(input) : withoutGood(main, backup)
}

function onlyBackups(backup: readonly Candidate[]): Decision {
  const reason = `no main address; ${counted(backup.length, 'backup')} published, whatever the measurement`
  return decision('A3', false, reason, publishing(backup, backup))
}

function withoutGoodOrBackup({ main, backupWord }: TableInput): Decision {
  const none = `${share(0, main.length, 'main', 'good')} and there is no backup address`
  const meaning = meaningOf(backupWord)
  if (meaning === 'nothing') {
    return decision('D1', true, `${none}; the backup word is yes: nothing is published`, comments(main))
  }
  if (meaning === 'cname') {
    return decision('D4', false, `${none}; a CNAME to ${backupWord} is published`, comments(main), backupWord)
  }
  const firstOk = main.find(candidate => candidate.ok)
  if (firstOk === undefined) {
    return decision('D3', false, `${allDown(main)} and there is no backup address; all are published`, failOpen(main))
  }
  return decision('D2', false, `${none}; the first that answers is published`, publishing(main, [firstOk]))
}

function withoutGood(main: readonly Candidate[], backup: readonly Candidate[]): Decision {
  const none = share(0, main.length, 'main', 'good')
  const goodBackup = backup.find(candidate => candidate.good)
  if (goodBackup !== undefined) {
    const lines = [...publishing(backup, [goodBackup]), ...comments(main)]
    return decision('D5', false, `${none}; the first good backup address is published`, lines)
  }
  const firstOk = main.find(candidate => candidate.ok)
  if (firstOk !== undefined) {
    const lines = [...publishing(main, [firstOk]), ...comments(backup)]
    return decision(
      'D6',
      false,
      `${none}, nor is a backup address; the first main one that answers is published`,
      lines,
    )
  }
  const okBackups = backup.filter(candidate => candidate.ok)
  if (okBackups.length === 0) {
    const reason = `${allDown(main)}, and so is every backup address; all main addresses are published`
    return decision('D7', false, reason, [...failOpen(main), ...comments(backup)])
  }
  const reason = `${allDown(main)}; ${share(okBackups.length, backup.length, 'backup', 'answering')}; ${published(okBackups.length, okBackups.length)}`
  return decision('D8', false, reason, [...publishing(backup, okBackups), ...comments(main)])
}

function failOpen(main: readonly Candidate[]) {
  return main.map(candidate => lineOf(candidate, activeStatus(candidate), true))
}

function allDown(main: readonly Candidate[]): string {
  return share(main.length, main.length, 'main', 'down')
}
