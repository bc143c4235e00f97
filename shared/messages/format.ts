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
  let ofLanguage = formats.get(language)
  if (ofLanguage === undefined) formats.set(language, (ofLanguage = new Map()))
  let format = ofLanguage.get(id)
  if (format === undefined)
    ofLanguage.set(id, (format = new IntlMessageFormat(language.texts[id], language.locale)))
  return format
}

/** A language in which some texts are still missing: those are said in English, with its own numbers. */
export function languageOf(locale: string, texts: Partial<Record<MessageId, string>>): Language {
  return { locale, texts: { ...english, ...texts } }
}

/** The text of a message as plain text: tags are left out, messages within it are put into the same language. */
export function textOf({ id, values }: Message, language: Language = ENGLISH): string {
  const said: Record<string, string | number | ((parts: readonly string[]) => string)> = { ...PLAIN_TAGS }
  for (const [name, value] of Object.entries(values)) said[name] = plain(value, language)
  const text = formatOf(language, id).format(said)
  return typeof text === 'string' ? text : String(text)
}

/** The text of a message that is shown at once. */
export function say<Id extends MessageId>(id: Id, ...values: ValuesOf<Id>): string {
  return textOf({ id, values: values[0] ?? {} })
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
