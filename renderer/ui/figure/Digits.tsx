import { Fragment } from 'react'

/**
 * Digits in B612 Mono with their marks drawn close: in a cell as wide as a digit, a comma or a colon would stand as if a
 * space followed it. Every mark is narrowed by the same amount, so columns of figures still line up.
 */
export function Digits({ text }: { text: string }) {
  const parts = text.split(/([.,:])/)
  return (
    <span className="digits">
      {parts.map((part, place) =>
        place % 2 === 1 ? (
          // The marks of one text never move among its parts, so their place is their identity.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={place} className="digits-mark">
            {part}
          </span>
        ) : (
          // oxlint-disable-next-line react/no-array-index-key
          <Fragment key={place}>{part}</Fragment>
        ),
      )}
    </span>
  )
}
