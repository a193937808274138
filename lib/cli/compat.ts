/** The value of `--compat`: 3.3 is the only version there is. */
export function toCompat(text: string): '3.3' {
  if (text !== '3.3') throw new Error(`'${text}' is not 3.3, the one version that is known`)
  return text
}
