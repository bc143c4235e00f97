import type { Session } from './session.ts'

/** One sentence of the contract and how it is tried. It throws what it found; returning is a pass. */
export interface Check {
  readonly title: string
  run(session: Session): Promise<void>
}

export interface Area {
  readonly title: string
  readonly checks: readonly Check[]
}
