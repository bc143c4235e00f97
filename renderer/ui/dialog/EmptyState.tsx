import type { ReactNode } from 'react'
import './empty.css'

interface EmptyStateProps {
  /** What is not there, and why: "No source matches the filter." */
  readonly reason: ReactNode
  /** What to do next; every empty place has one. */
  readonly nextStep: ReactNode
  readonly action?: ReactNode
}

export function EmptyState({ reason, nextStep, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <p className="empty-reason">{reason}</p>
      <p className="empty-next">{nextStep}</p>
      {action}
    </div>
  )
}
