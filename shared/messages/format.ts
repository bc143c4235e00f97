import { IntlMessageFormat } from 'intl-messageformat'
import { english } from './english/index.ts'
import { isList, type Message, type MessageId, type MessageValue, type ValuesOf } from './message.ts'

/** All texts of one language. */
export interface Language {
  /** BCP 47, for plurals and numbers. */
  readonly locale: string
  readonly texts: Readonly<Record<MessageId, string>>
}

export const ENGLISH: Language = { locale: 'en-GB', texts: english }

const formats = new WeakMap<Language, Map<MessageId, IntlMessageFormat>>()

/** The compiled message; compiled once per language. */
export function formatOf(language: Language, id: MessageId): IntlMessageFormat {
  return once(formats, language, id, () => new IntlMessageFormat(language.texts[id], language.locale))
}

/** A language in which some texts are still missing: those are said in English, with its own numbers. */
export function languageOf(locale: string, texts: Partial<Record<MessageId, string>>): Language {
  return { locale, texts: { ...english, ...texts } }
}

/** What is read is read often, by sorting for instance, and a message never changes. */
const texts = new WeakMap<Language, WeakMap<Message, string>>()

/** The text of a message as plain text: tags are left out, messages within it are put into the same language. */
export function textOf(message: Message, language: Language = ENGLISH): string {
  let ofLanguage = texts.get(language)
  if (ofLanguage === undefined) texts.set(language, (ofLanguage = new WeakMap()))
  let text = ofLanguage.get(message)
  if (text === undefined) ofLanguage.set(message, (text = put(message, language)))
  return text
}

function put({ id, values }: Message, language: Language): string {
  const pieces = piecesOf(language, id)
  if (pieces !== null) return joined(pieces, values, language)
  const said: Record<string, string | number | ((parts: readonly string[]) => string)> = { ...PLAIN_TAGS }
  for (const [name, value] of Object.entries(values)) said[name] = plain(value, language)
  const text = formatOf(language, id).format(said)
  return typeof text === 'string' ? text : String(text)
}

/** The text of a message that is shown at once. Cheap enough for every cell of a long table. */
export function say<Id extends MessageId>(id: Id, ...values: ValuesOf<Id>): string {
  const given = values[0]
  const pieces = piecesOf(ENGLISH, id)
  if (pieces !== null && (pieces.length === 1 || given !== undefined))
    return joined(pieces, given ?? {}, ENGLISH)
  return textOf({ id, values: given ?? {} })
}

/** A term as it stands inside a sentence: "Requests" as "requests", "GPU type" as it is. */
export function inSentence(term: string): string {
  return term.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLocaleLowerCase(ENGLISH.locale))
}

/** Tags that a text may hold. */
export const TAGS = ['strong', 'code', 'key'] as const

const PLAIN_TAGS = Object.fromEntries(TAGS.map((tag) => [tag, (parts: readonly string[]) => parts.join('')]))

function plain(value: MessageValue, language: Language): string | number {
  if (typeof value !== 'object') return value
  return isList(value) ? listed(value, language) : textOf(value, language)
}

const lists = new Map<string, Intl.ListFormat>()

function listed(values: readonly MessageValue[], language: Language): string {
  let format = lists.get(language.locale)
  if (format === undefined) lists.set(language.locale, (format = new Intl.ListFormat(language.locale)))
  const numbers = (value: string | number) =>
    typeof value === 'number' ? value.toLocaleString(language.locale) : value
  return format.format(values.map((value) => numbers(plain(value, language))))
}

/** Literal text at even places, names of parameters at odd ones. */
type Pieces = readonly string[]

/** Nothing but words and bare parameters: no plural, no number format, no tag, no apostrophe that could quote. */
const SIMPLE = /^[^{}<']*(?:\{\w+\}[^{}<']*)*$/

const simple = new WeakMap<Language, Map<MessageId, Pieces | null>>()

/** Of a message that needs no formatting; null of others. Most messages, and all that are in long tables, need none. */
function piecesOf(language: Language, id: MessageId): Pieces | null {
  return once(simple, language, id, () => {
    const text = language.texts[id]
    return SIMPLE.test(text) ? text.split(/[{}]/) : null
  })
}

function joined(pieces: Pieces, values: Message['values'], language: Language): string {
  let text = pieces[0] as string
  for (let at = 1; at < pieces.length; at += 2) {
    const name = pieces[at] as string
    const value = values[name]
    text += `${value === undefined ? `{${name}}` : plain(value, language)}${pieces[at + 1]}`
  }
  return text
}

function once<T>(
  made: WeakMap<Language, Map<MessageId, T>>,
  language: Language,
  id: MessageId,
  make: () => T,
): T {
  let ofLanguage = made.get(language)
  if (ofLanguage === undefined) made.set(language, (ofLanguage = new Map()))
  let one = ofLanguage.get(id)
  if (one === undefined) ofLanguage.set(id, (one = make()))
  return one
}
