import type { SourceDoubt } from '../../../shared/model/source.ts'
import { message } from '../../../shared/messages/message.ts'

/** What a target is told when it names more than one may. */
export function beyondDoubts(beyond: number, maxLabelSets: number): readonly SourceDoubt[] {
  if (beyond === 0) return []
  return [
    {
      code: 'series',
      severity: 'advisory',
      what: message('doubt.labelSets'),
      by: message('doubt.labelSets.by', { samples: beyond, most: maxLabelSets }),
      nextStep: message('doubt.labelSets.next'),
    },
  ]
}
