import { type ReactNode, type Ref, useId } from 'react'
import { Glyph } from '../glyph/Glyph.tsx'
import './form.css'

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onBlur?: () => void
  readonly hint?: ReactNode
  /** In plain words what is wrong and what to do; null where it is right. */
  readonly error?: string | null
  readonly placeholder?: string
  readonly required?: boolean
  readonly disabled?: boolean
  readonly rows?: number
  /** Shows dots, as for a password. */
  readonly secret?: boolean
  /** What a password manager may put in: `username`, `current-password`; nothing where it is left out. */
  readonly complete?: string
  /** Ids of `<datalist>` suggestions. */
  readonly list?: string
  readonly ref?: Ref<HTMLInputElement>
  /** In a dialog: has the focus when it opens. */
  readonly firstFocus?: boolean
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, onBlur, hint, error = null, required = false, rows, ref } = props
  const id = useId()
  const notes = [error === null ? null : `${id}-error`, hint === undefined ? null : `${id}-hint`]
  const common = {
    id,
    value,
    placeholder: props.placeholder,
    disabled: props.disabled,
    className: 'field-input',
    'data-first-focus': props.firstFocus === true ? '' : undefined,
    spellCheck: false,
    autoComplete: props.complete ?? 'off',
    'aria-invalid': error !== null,
    'aria-required': required,
    'aria-describedby': notes.filter((note) => note !== null).join(' ') || undefined,
    onBlur,
  }
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      {rows === undefined ? (
        <input
          {...common}
          ref={ref}
          type={props.secret === true ? 'password' : 'text'}
          list={props.list}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea {...common} rows={rows} onChange={(event) => onChange(event.target.value)} />
      )}
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  )
}

export function FieldNotes({ id, hint, error }: { id: string; hint: ReactNode; error: string | null }) {
  return (
    <>
      {error !== null && (
        <p id={`${id}-error`} className="field-error">
          <Glyph name="advisory" /> {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </>
  )
}
