/**
 * The word that `name` was probably meant to be: the same in another case, one that it begins, or one at most two
 * letters away; undefined where none is near.
 */
export function nearestOf(name: string, words: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = 3
  for (const word of words) {
    if (word.toLowerCase() === name.toLowerCase()) return word
    const distance = name.length > 2 && word.startsWith(name) ? 1 : editDistance(name, word)
    if (distance < least && distance < word.length / 2) [best, least] = [word, distance]
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
