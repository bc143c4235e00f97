/** Keys by the names that texts give them, as `KeyboardEvent.key` has them. */
const WORDS: Readonly<Record<string, string>> = {
  Esc: 'Escape',
  Space: ' ',
  Enter: 'Enter',
  Tab: 'Tab',
  Backspace: 'Backspace',
  Delete: 'Delete',
  Home: 'Home',
  End: 'End',
  'Page Up': 'PageUp',
  'Page Down': 'PageDown',
}
/** Words that mean a key only where the sentence is about keys. */
const WORD = /\b(?:(?:press|with|by|key) )?(Esc|Enter|Backspace|Page Up|Page Down)\b/g
const PRESSED = /\bpress(?:es|ing)? (g [a-z]|[A-Z][a-z]+|[a-z?/.,])(?=[\s.,;:)]|$)/gi
const GO = /\b(g [a-z])\b/g
const CHORD = /\b(Ctrl [A-Z])\b/g
const BRACKETED = /\(\s?(g [a-z]|Ctrl [A-Z]|[a-z?/.,]|Esc|Enter|Space|\d(?: to \d)?)\s?\)/g

/**
 * Keys that a text of the interface names: `g h`, `Escape`, `$mod+k`, `m`, and digits one by one ("1 to 4").
 * A letter counts where it is pressed or stands alone in brackets: "Jobs (w)".
 */
export function keysNamedIn(text: string): string[] {
  const found = [GO, CHORD, BRACKETED, PRESSED, WORD].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, key = '']) => key),
  )
  return [...new Set(found.flatMap(asKeys))]
}

/** Keys between backticks in a manual: `g h`, `j`, `1`–`9`, `Ctrl K`. */
export function keysNamedInMarkdown(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '')
  const found = [...prose.matchAll(/`([^`\n]+|[^`]*\n[^`]*)`/g)].map(([, key = '']) =>
    key.replace(/\s+/g, ' '),
  )
  const ranges = [...prose.matchAll(/`(\d)`–`(\d)`/g)].map(([, from, to]) => `${from} to ${to}`)
  const isKey = (key: string): boolean =>
    /^(g [a-z]|Ctrl [A-Z]|[a-z?/.,+−]|\d|\[ \])$/.test(key) || Object.hasOwn(WORDS, key)
  return [...new Set([...found.filter(isKey), ...ranges].flatMap(asKeys))]
}

function asKeys(named: string): string[] {
  const range = /^(\d) to (\d)$/.exec(named)
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])]
    return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
  }
  const chord = /^Ctrl ([A-Z])$/.exec(named)
  if (chord !== null) return [`$mod+${(chord[1] ?? '').toLowerCase()}`]
  if (named === '−') return ['-']
  return [WORDS[named] ?? named]
}
