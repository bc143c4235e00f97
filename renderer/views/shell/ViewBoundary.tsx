import { Component, type ReactNode } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Button } from '../../ui/form/Button.tsx'

interface ViewBoundaryProps {
  readonly title: string
  readonly children: ReactNode
}

/** A view that fails takes only itself down: the status bar and the way to the other views stay. */
export class ViewBoundary extends Component<ViewBoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <EmptyState
        reason={say('shell.view.failed', { view: this.props.title, error: error.message })}
        nextStep={say('shell.view.failed.next')}
        action={
          <Button onClick={() => this.setState({ error: null })}>{say('shell.view.failed.open')}</Button>
        }
      />
    )
  }
}
