import { createElement, Fragment, isValidElement, type ReactElement, type ReactNode } from 'react'
import { ENGLISH, formatOf, TAGS, textOf } from '../../../shared/messages/format.ts'
import type { Message, MessageId, ValuesOf } from '../../../shared/messages/message.ts'
import { visibleText } from '../../../shared/model/foreignText.ts'

type Shown = ReactElement | string | number | Message

/** The message, and what stands for its parameters: a text, a number, an element, or another message. */
type SayProps<Id extends MessageId> = { readonly id: Id } & ([] extends ValuesOf<Id, Shown>
  ? { readonly values?: undefined }
  : { readonly values: ValuesOf<Id, Shown>[0] })

/** A text of the catalogue with its marks: `<strong>`, `<code>`, and `<key>` for a key of the keyboard. */
export function Say<Id extends MessageId>({ id, values }: SayProps<Id>): ReactNode {
  const parts = formatOf(ENGLISH, id).format<ReactNode>({ ...MARKS, ...shown(values ?? {}) })
  return createElement(Fragment, null, ...(Array.isArray(parts) ? parts : [parts]).map(seenPart))
}

const ELEMENTS: Readonly<Record<(typeof TAGS)[number], string>> = {
  strong: 'strong',
  code: 'code',
  key: 'kbd',
}

const MARKS = Object.fromEntries(
  TAGS.map((tag) => [
    tag,
    (parts: ReactNode[]) => createElement(ELEMENTS[tag], null, ...parts.map(seenPart)),
  ]),
)

/** A name from outside stands in the text: what cannot be seen in it is made visible, as `seen.ts` does elsewhere. */
function seenPart(part: ReactNode): ReactNode {
  return typeof part === 'string' ? visibleText(part) : part
}

function shown(values: Readonly<Record<string, Shown>>): Record<string, string | number | ReactElement> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' && !isValidElement(value) ? textOf(value) : value,
    ]),
  )
}
