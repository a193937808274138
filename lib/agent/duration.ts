/** A time for people, from seconds: `0 s`, `12.3 s`, `3 min 5 s`, `3 h 2 min`, `2 days 4 h`; never negative. */
export function renderDuration(seconds: number): string {
  const tenths = Math.max(0, Math.round(seconds * 10) / 10)
  if (tenths < 60) return `${tenths} s`
  const whole = Math.round(tenths)
  if (whole < 3600) return inTwo(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(whole / 60)
  if (minutes < 1440) return inTwo(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return inTwo(Math.floor(hours / 24), hours < 48 ? 'day' : 'days', hours % 24, 'h')
}

function inTwo(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
