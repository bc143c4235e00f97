import type { ReactNode } from 'react'
import { useExplanation } from './registry.ts'

interface ExplainedProps {
  readonly by: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** Text with an explanation on hover; with the keyboard it is reached by `i`, not by Tab. */
export function Explained({ by, className, children }: ExplainedProps) {
  const ref = useExplanation(() => by)
  return (
    <span ref={ref} className={className} tabIndex={-1} data-inspect="">
      {children}
    </span>
  )
}
