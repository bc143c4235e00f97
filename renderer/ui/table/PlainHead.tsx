export interface PlainColumn {
  readonly title: string
  /** Figures line up at the right edge. */
  readonly end?: boolean
  /** Shown on hover. */
  readonly explanation?: string
  /** Of the head cell, beside `end`. */
  readonly className?: string
}

/** The head of a small table that neither sorts nor scrolls. */
export function PlainHead({ columns }: { columns: readonly (string | PlainColumn)[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const {
            title,
            end = false,
            className = '',
            explanation,
          } = typeof column === 'string' ? { title: column } : column
          const classes = [end ? 'end' : '', className].filter((name) => name !== '').join(' ')
          return (
            <th key={title} scope="col" className={classes === '' ? undefined : classes} title={explanation}>
              {title}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
