import { say } from '../../../shared/messages/format.ts'

/** Where a finding or an event is: its place, or the whole floor. */
export function placeWords(where: string): string {
  return where === '' ? say('finding.where.floor') : where
}
