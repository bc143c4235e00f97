import { type ReactNode, useId } from 'react'
import { FieldNotes } from './TextField.tsx'
import './form.css'

interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly title: string }[]
  readonly onChange: (value: T) => void
  readonly hint?: ReactNode
  readonly disabled?: boolean
  /** The label is for screen readers only, where the place says what it is. */
  readonly hideLabel?: boolean
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, hint, disabled = false, hideLabel = false } = props
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : 'field-label'}>
        {label}
      </label>
      <select
        id={id}
        className="field-input"
        value={value}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
      <FieldNotes id={id} hint={hint} error={null} />
    </div>
  )
}
