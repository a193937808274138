/** A time span for people, to its two largest units: `42s`, `12m05s`, `3h02m`, `12d03h`. */
export function renderSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return twoUnits(whole, 60, 'm', 1, 's')
  if (whole < 86400) return twoUnits(whole, 3600, 'h', 60, 'm')
  return twoUnits(whole, 86400, 'd', 3600, 'h')
}

/** A time, in seconds since the epoch, as a person reads it at the time `now`: `05:12:31Z`, `Nov 20 05:12Z`. UTC. */
export function renderTime(time: number, now: number): string {
  const text = new Date(time * 1000).toISOString()
  if (Math.abs(now - time) < 43200) return `${text.slice(11, 19)}Z`
  return `${MONTHS[Number(text.slice(5, 7)) - 1]} ${text.slice(8, 10)} ${text.slice(11, 16)}Z`
}

/** An amount of memory, given in KB: `940K`, `35M`, `1.2G`. */
export function renderKb(kb: number): string {
  if (kb < 1000) return `${kb}K`
  const mb = kb / 1024
  if (mb < 9.95) return `${mb.toFixed(1)}M`
  if (mb < 999.5) return `${mb.toFixed(0)}M`
  const gb = mb / 1024
  return gb < 9.95 ? `${gb.toFixed(1)}G` : `${gb.toFixed(0)}G`
}

/** Text from outside on one line, without anything that a terminal obeys, cut to `most` characters. */
export function renderText(text: string, most = Number.POSITIVE_INFINITY): string {
  const plain = text.replaceAll(/[\t\n\r]+/g, ' ').replaceAll(/\p{Cc}/gu, '?')
  return plain.length <= most ? plain : `${plain.slice(0, Math.max(0, most - 1))}…`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function twoUnits(whole: number, large: number, l: string, small: number, s: string): string {
  const rest = Math.floor((whole % large) / small)
  return `${Math.floor(whole / large)}${l}${String(rest).padStart(2, '0')}${s}`
}
