import { say } from '../../../shared/messages/format.ts'

/** Where the figures of a finding come from. @param at end of the newest minute that it is made of, ms */
export function causeProvenance(at: number) {
  return { at, source: say('cause.source') }
}
