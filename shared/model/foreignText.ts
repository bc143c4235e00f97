import { grouped } from './phrases.ts'

/**
 * Text from outside (names of hosts, models, tenants, keys, pods; errors of servers) as it may be shown. What cannot be
 * seen gets a visible mark in ‹ ›, because a name that looks like another one lies: "m‹space›" is not "m", and
 * "h-1‹U+202E›2-h" is not "h-1h-2". Texts are bounded, so that one of 3,000 characters takes no more room than others.
 *
 * `visibleName` is for names, where they are shown as such. `visibleText` is for everything: the renderer's JSX runtime
 * passes each text of the page through it, so that none can be forgotten.
 */

/** Names longer than this (UTF-16 code units) are cut in their middle. */
export const LONGEST_NAME = 160
/** The same for whole sentences of servers and of the engine. */
export const LONGEST_TEXT = 1200
/** Combining marks on one letter beyond this number are counted instead of drawn: they would leave their row. */
const MOST_MARKS = 2

/** Printable ASCII with single spaces inside: nothing to mark, which is nearly every name there is. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
/** Latin letters, punctuation and the spaces of typography: most texts of the interface. */
const HARMLESS = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2009\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2318]*$/
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/u
const OTHER_SPACE = /[\p{Zs}]/u
const COMBINING = /\p{M}/u
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u
const RIGHT_TO_LEFT_RUN = new RegExp(
  `${RIGHT_TO_LEFT.source}[^!-~]*(?<=${RIGHT_TO_LEFT.source}|\\p{M})`,
  'gu',
)
/** Alphabets with letters that look like Latin ones. */
const LOOKALIKE_SCRIPTS = [
  ['Cyrillic', /(?=\p{L})\p{Script=Cyrillic}/u],
  ['Greek', /(?=\p{L})\p{Script=Greek}/u],
  ['Armenian', /(?=\p{L})\p{Script=Armenian}/u],
  ['Cherokee', /(?=\p{L})\p{Script=Cherokee}/u],
  ['Coptic', /(?=\p{L})\p{Script=Coptic}/u],
  ['Lisu', /(?=\p{L})\p{Script=Lisu}/u],
] as const
/** Signs that look like ASCII ones: phonetic letters, dashes, slashes, colons, dots, quotes. */
const LOOKALIKE_SIGNS =
  /[\u0250-\u02af\u1d00-\u1dbf\u01c0-\u01c3\u2010-\u2013\u2212\u02d7\u2044\u2215\u2236\ua789\u2024\u02bc\u2018\u2019\u2032]/u

const NAMED: Readonly<Record<string, string>> = { '\n': 'newline', '\r': 'return', '\t': 'tab', '\0': 'null' }

/** @returns a name as it may be shown; two different names never come out the same (long ones by a checksum) */
export function visibleName(name: string): string {
  if (name.length <= LONGEST_NAME && PLAIN.test(name)) return name
  const notes = notesOn(name)
  return notes + (name.length <= LONGEST_NAME ? marked(name, true) : cut(name, LONGEST_NAME, true))
}

/**
 * Any text that may hold something from outside: what cannot be seen is marked, letters that run from the right turn
 * nothing around them, and it is bounded. Spaces, dashes and alphabets are left as they are: prose has its own.
 * @param multiline keeps line breaks, for tooltips of the browser
 */
export function visibleText(text: string, multiline: boolean = false): string {
  if (text.length <= LONGEST_TEXT && HARMLESS.test(text)) return text
  if (multiline)
    return text
      .slice(0, LONGEST_TEXT)
      .split('\n')
      .map((line) => visibleText(line))
      .join('\n')
  const shown = text.length <= LONGEST_TEXT ? marked(text, false) : cut(text, LONGEST_TEXT, false)
  return shown.replace(RIGHT_TO_LEFT_RUN, '\u2068$&\u2069')
}

/** What no single sign shows: another alphabet, or letters composed of parts. */
function notesOn(name: string): string {
  const start = name.slice(0, LONGEST_NAME)
  const scripts: string[] = LOOKALIKE_SCRIPTS.filter(([, letters]) => letters.test(start)).map(
    ([script]) => script,
  )
  if (RIGHT_TO_LEFT.test(start)) scripts.push('right to left')
  const notes = scripts.length === 0 ? '' : mark(scripts.join(', '))
  return name === name.normalize('NFC') ? notes : `${mark('not composed')}${notes}`
}

/** A checksum and the length stand first, where no ellipsis takes them away. */
function cut(text: string, longest: number, isName: boolean): string {
  const tail = Math.round(longest / 6)
  const head = text.slice(0, longest - tail).toWellFormed()
  const note = mark(`#${checksum(text)}, ${grouped(text.length)} characters`)
  return `${note}${marked(head, isName)}\u2026${marked(text.slice(-tail), isName)}`
}

function marked(text: string, isName: boolean): string {
  const characters = Array.from(text)
  let result = ''
  let at = 0
  while (at < characters.length) {
    const character = characters[at] as string
    let run = 1
    if (COMBINING.test(character) && !INVISIBLE.test(character)) {
      while (at + run < characters.length && COMBINING.test(characters[at + run] as string)) run++
      result += combined(characters.slice(at, at + run), characters[at - 1] ?? '')
    } else {
      while (characters[at + run] === character) run++
      const edge = at === 0 || at + run === characters.length
      const shown = isName ? nameSign(character, run > 1 || edge) : textSign(character)
      result +=
        shown.length > 1 && shown.startsWith('\u2039') && run > 1
          ? `${shown.slice(0, -1)} \u00d7${run}\u203a`
          : shown.repeat(run)
    }
    at += run
  }
  return result
}

function textSign(character: string): string {
  return INVISIBLE.test(character) ? mark(NAMED[character] ?? codePoint(character)) : character
}

/** @param suspicious a space here is not one between two words */
function nameSign(character: string, suspicious: boolean): string {
  if (character === ' ') return suspicious ? mark('space') : ' '
  if (character >= '!' && character <= '~') return character
  if (OTHER_SPACE.test(character) || character === '\u2039' || character === '\u203a') {
    return mark(codePoint(character))
  }
  if (looksLikeAscii(character) || character.normalize('NFC') !== character) {
    return `${character}${mark(codePoint(character))}`
  }
  return textSign(character)
}

/** Wide, bold and numeral forms of ASCII letters; raised and lowered ones are seen to be others. */
function looksLikeAscii(character: string): boolean {
  if (LOOKALIKE_SIGNS.test(character)) return true
  return !/[\p{Lm}\p{No}]/u.test(character) && /^[!-~]$/.test(character.normalize('NFKC'))
}

/** A letter made of parts looks like the one in one piece: its parts are named. */
function combined(marks: readonly string[], letter: string): string {
  const few = marks.slice(0, MOST_MARKS).join('')
  const rest = marks.slice(MOST_MARKS).join('')
  const counted = rest === '' ? '' : mark(`+${marks.length - MOST_MARKS} combining, #${checksum(rest)}`)
  if (letter === '') return mark(`${marks.length} combining, #${checksum(few + rest)}`)
  const composes = `${letter}${few}`.normalize('NFC') !== `${letter}${few}`
  return `${few}${composes ? mark(Array.from(few, codePoint).join(' ')) : ''}${counted}`
}

function mark(words: string): string {
  return `\u2039${words}\u203a`
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** FNV-1a over UTF-16 code units, in five signs: enough to distinguish two names, nothing that protects. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return (hash % 36 ** 5).toString(36).padStart(5, '0')
}
