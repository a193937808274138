type Fields = Readonly<Record<string, unknown>>

/** KB, by the letter behind a number. */
const KILOBYTES: Readonly<Record<string, number>> = { '': 1, K: 1, M: 1024, G: 1024 * 1024 }

/**
 * The configuration in a task: `parameter`, with the `envs` and `limits` that stand beside it in the task laid over its
 * own (B48); null: the task has none of them. What is no object is left out.
 */
export function parameterOf(fields: Fields): Fields | null {
  const parameter = objectOf(fields['parameter'])
  const envs = objectOf(fields['envs'])
  const limits = objectOf(fields['limits'])
  if (parameter === null && envs === null && limits === null) return null
  return layOver({ ...parameter }, { ...(envs && { envs }), ...(limits && { limits }) })
}

/** One configuration laid over another: `envs` and `limits` by their members, all else whole; limits as numbers. */
export function layOver(under: Fields, over: Fields): Fields {
  const merged: Record<string, unknown> = { ...under, ...over }
  for (const name of ['envs', 'limits']) {
    const [lower, upper] = [objectOf(under[name]), objectOf(over[name])]
    if (lower !== null && upper !== null) merged[name] = { ...lower, ...upper }
  }
  const limits = objectOf(merged['limits'])
  return limits === null ? merged : { ...merged, limits: toNumbers(limits) }
}

/** "10%" of a CPU and "20M" of memory become numbers of percent and KB; what is neither stays, and is refused later. */
function toNumbers(limits: Fields): Fields {
  return Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, toNumber(name, value)]))
}

function toNumber(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const [, percent] = (name === 'CPU' && /^(\d{1,9}(?:\.\d{1,3})?)%?$/.exec(value)) || []
  if (percent !== undefined) return Number(percent)
  const [, size, unit = ''] = (name === 'MEM' && /^(\d{1,9}(?:\.\d{1,3})?)(?:([KMG])B?)?$/i.exec(value)) || []
  return size === undefined ? value : Math.round(Number(size) * (KILOBYTES[unit.toUpperCase()] ?? 1))
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}
