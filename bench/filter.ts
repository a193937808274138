import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, cost, inTurn, place } from './measure.ts'
import { makeRound } from './records.ts'
import { bound, printTable, ratio } from './report.ts'

const LINES = 300_000

/** A record through a filter against `jq -c .`, and 10,000 domains with 50,000 addresses through rank and write. */
export async function benchFilter(): Promise<void> {
  await passThrough()
  await largeZone()
}

async function passThrough(): Promise<void> {
  const input = join(place, 'records.ndjson')
  const line = [...makeRound(1)].find(text => text.includes('"probe"')) ?? ''
  writeFileSync(input, `${line.replace('"type":"probe"', '"type":"note"')}\n`.repeat(LINES))
  const runs = await inTurn(3, {
    'reload-named (passes it on)': () => cost(['sh', '-c', `${bin('reload-named')} | cat`], { stdin: input }),
    'jq -c .': () => cost(['sh', '-c', 'jq -c . | cat'], { stdin: input }),
  })
  const peer = runs['jq -c .']?.wall ?? Number.NaN
  const rows = Object.entries(runs).map(([name, run]) => [
    name,
    `${(LINES / run.wall / 1000).toFixed(0)}`,
    name.startsWith('jq') ? '' : ratio(peer, run.wall, { least: 2 }),
  ])
  printTable(`${LINES} records through a filter`, ['filter', '1,000 records/s', 'speed'], rows)
}

async function largeZone(): Promise<void> {
  const input = join(place, 'round.ndjson')
  writeFileSync(input, [...makeRound(10_000), ''].join('\n'))
  const ranked = join(place, 'ranked.ndjson')
  const zone = join(place, 'large-zone')
  const write = `${bin('write-anyhost')} -o ${zone}`
  const [state, firstState, firstZone] = [join(place, 'state'), join(place, 'first-state'), join(place, 'first-zone')]
  const damped = `${bin('rank-ips')} --state ${state} --installed ${firstZone}`
  await cost(['sh', '-c', `${damped} | ${bin('write-anyhost')} -o ${firstZone}; mv ${state} ${firstState}`], {
    stdin: input,
  })
  const runs = await inTurn(3, {
    'rank-ips | write-anyhost': () =>
      cost(['sh', '-c', `rm -f ${zone}; ${bin('rank-ips')} | ${write}`], { stdin: input }),
    'rank-ips': () => cost(['sh', '-c', `${bin('rank-ips')} >${ranked}`], { stdin: input }),
    'rank-ips --state, second round': () =>
      cost(['sh', '-c', `cp ${firstState} ${state}; exec ${damped} >/dev/null`], { stdin: input }),
    'write-anyhost': () => cost(['sh', '-c', `rm -f ${zone}; exec ${write} <${ranked}`]),
  })
  const peaks = (runs['rank-ips']?.peak ?? 0) + (runs['write-anyhost']?.peak ?? 0)
  const rows = Object.entries(runs).map(([name, run]) => {
    const whole = name.includes('|')
    return [
      name,
      whole ? bound(run.wall, 2, 's', 2) : `${run.wall.toFixed(2)} s`,
      `${run.cpu.toFixed(2)} s`,
      whole ? bound(peaks, 250, 'MB') : `${run.peak.toFixed(0)} MB`,
    ]
  })
  printTable('10,000 domains with 50,000 addresses', ['program', 'wall', 'CPU', 'peak'], rows)
}
