import { type ReactNode, useId } from 'react'

interface PartProps {
  readonly title: string
  readonly figure?: ReactNode
  readonly children: ReactNode
}

/** A titled part of a tenant's page. */
export function Part({ title, figure, children }: PartProps) {
  const heading = useId()
  return (
    <section className="tenant-part" aria-labelledby={heading}>
      <header className="tenant-part-head">
        <h3 id={heading}>{title}</h3>
        {figure}
      </header>
      {children}
    </section>
  )
}
