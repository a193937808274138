import { switchesADay } from '../test/unit/origin/damping/replay-world.ts'
import { printTable } from './report.ts'

const DAYS = 8

/** The replay of a day with equal addresses and a long tail: how often each way of choosing changes the answer. */
export async function benchReplay(): Promise<void> {
  const rows = [2, 3, 10].map(addresses => {
    const days = Array.from({ length: DAYS }, (_, seed) => switchesADay({ rule: 'median' }, addresses, seed + 1))
    const mean = (numbers: readonly number[]) => (numbers.reduce((sum, n) => sum + n, 0) / DAYS).toFixed(1)
    const most = Math.max(...days.map(({ ruled }) => ruled))
    return [
      `${addresses} equal addresses`,
      mean(days.map(({ last }) => last)),
      mean(days.map(({ median }) => median)),
      `${mean(days.map(({ ruled }) => ruled))} (at most ${most})`,
    ]
  })
  const heads = ['one domain, 1440 rounds', 'last', 'median', 'default']
  printTable(`Voluntary switches a day, a long tail, mean of ${DAYS} days`, heads, rows)
}
