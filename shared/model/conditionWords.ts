import { say } from '../messages/format.ts'
import type { Condition } from './frame.ts'

/** Why a GPU is abnormal, in the words of pictures, cards and the floor's filter. */
export function conditionWords(condition: Condition): string {
  return say(`condition.${condition}`)
}
