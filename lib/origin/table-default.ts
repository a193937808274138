import type { Candidate, Decision, TableInput } from './table.ts'
import {
  comments,
  counted,
  decision,
  meaningOf,
  published,
  publishing,
  share,
  unmeasured,
  withoutAddresses,
} from './table-lines.ts'

/**
 * The decision table as it should be (formats 9, corrections 1 to 5) with the ladder for the day when everything is
 * down (damping 8.2): good main, good backup, ok main, ok backup, the last verified set, all main addresses.
 */
export function decide(input: TableInput): Decision {
  const { main, backup } = input
  const n = Math.max(1, input.publish)
  if (main.length === 0) return backup.length === 0 ? withoutAddresses(input) : onlyBackups(input)
  if (!input.detect) {
    const reason = `not measured; ${share(Math.min(n, main.length), main.length, 'main', 'published')}`
    return decision('B', false, reason, [...unmeasured(main, n), ...unmeasured(backup, 0)])
  }
  const good = main.filter(candidate => candidate.good)
  if (good.length > 0) {
    const chosen = good.slice(0, n)
    const reason = `${share(good.length, main.length, 'main', 'good')}; ${published(chosen.length, good.length)}`
    return decision('C', false, reason, [...publishing(main, chosen), ...comments(backup)])
  }
  return backup.length === 0 ? withoutGoodOrBackup(input) : withoutGood(input, n)
}

function onlyBackups(input: TableInput): Decision {
  const { backup } = input
  if (!input.detect) {
    const reason = `no main address; not measured; ${counted(backup.length, 'backup')} published`
    return decision('A3', false, reason, unmeasured(backup, backup.length))
  }
  const ok = backup.filter(candidate => candidate.ok)
  if (ok.length === 0) {
    const down = `no main address; ${share(backup.length, backup.length, 'backup', 'down')}`
    return lastOr(input, down, () => {
      return decision('A3', false, `${down}; ${published(backup.length, backup.length)}`, publishing(backup, backup))
    })
  }
  const reason = `no main address; ${share(ok.length, backup.length, 'backup', 'answering')}; ${published(ok.length, ok.length)}`
  return decision('A3', false, reason, publishing(backup, ok))
}

function withoutGoodOrBackup(input: TableInput): Decision {
  const { main, backupWord } = input
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
    const down = `${share(main.length, main.length, 'main', 'down')} and there is no backup address`
    return lastOr(input, down, () => {
      return decision('D3', false, `${down}; ${published(main.length, main.length)}`, publishing(main, main))
    })
  }
  return decision('D2', false, `${none}; the first that answers is published`, publishing(main, [firstOk]))
}

function withoutGood(input: TableInput, n: number): Decision {
  const { main, backup } = input
  const none = share(0, main.length, 'main', 'good')
  const good = backup.filter(candidate => candidate.good)
  if (good.length > 0) {
    const chosen = good.slice(0, n)
    const reason = `${none}; ${share(good.length, backup.length, 'backup', 'good')}; ${published(chosen.length, good.length)}`
    return decision('D5', false, reason, [...publishing(backup, chosen), ...comments(main)])
  }
  const firstOk = main.find(candidate => candidate.ok)
  if (firstOk !== undefined) {
    const reason = `${none}, nor is a backup address; the first main one that answers is published`
    return decision('D6', false, reason, [...publishing(main, [firstOk]), ...comments(backup)])
  }
  const down = share(main.length, main.length, 'main', 'down')
  const ok = backup.filter(candidate => candidate.ok)
  if (ok.length === 0) {
    const all = `${down}, and so is every backup address`
    return lastOr(input, all, () => {
      return decision('D7', false, `${all}; all main addresses are published`, [
        ...publishing(main, main),
        ...comments(backup),
      ])
    })
  }
  const chosen = ok.slice(0, n)
  const reason = `${down}; ${share(ok.length, backup.length, 'backup', 'answering')}; ${published(chosen.length, ok.length)}`
  return decision('D8', false, reason, [...publishing(backup, chosen), ...comments(main)])
}

/** The last verified set, as far as it is still configured; where there is none, what `otherwise` says. */
function lastOr({ main, backup, lastGood }: TableInput, down: string, otherwise: () => Decision): Decision {
  const isLast = ({ ip }: Candidate) => lastGood?.includes(ip) === true
  const lastMain = main.filter(isLast)
  const mains = new Set(lastMain.map(({ ip }) => ip))
  // An address may stand in both lists, and is published once.
  const lastBackup = backup.filter(candidate => isLast(candidate) && !mains.has(candidate.ip))
  if (lastMain.length + lastBackup.length === 0) return otherwise()
  const lines = [...publishing(main, lastMain), ...publishing(backup, lastBackup)]
  return decision('last', false, `${down}; the set that was last good is kept`, lines)
}
