import { create } from 'zustand'
import type { ThrottleScope } from '../../../shared/contract/throttles.ts'

/** Whom a throttle would be about, and what is known already where it is opened from. */
export interface ThrottleSubject {
  readonly tenant: string
  /** As the metering calls it; '' where it is not known. */
  readonly name: string
  readonly incidentId?: string
  /** Why this tenant: one sentence of the cause. */
  readonly why?: string
  readonly scope?: ThrottleScope
  /** Proposed, tokens per minute. */
  readonly tpm?: number
}

interface SheetState {
  /** What `t` would be about on the view that is open; null where there is none. */
  readonly subject: ThrottleSubject | null
  /** The sheet that is open; `tightens` is the throttle that it shall lower. */
  readonly open: { readonly subject: ThrottleSubject; readonly tightens: string | null } | null
}

export const useThrottleSheet = create<SheetState>(() => ({ subject: null, open: null }))

/** Opens the sheet. It sends nothing by itself. */
export function openThrottleSheet(subject: ThrottleSubject, tightens: string | null = null): void {
  useThrottleSheet.setState({ open: { subject, tightens } })
}

export function closeThrottleSheet(): void {
  useThrottleSheet.setState({ open: null })
}
