import type { SourceDoubt } from '../../../shared/model/source.ts'
import { grouped, plural } from '../../../shared/model/phrases.ts'

/** What a target is told when it names more than one may. */
export function beyondDoubts(beyond: number, maxLabelSets: number): readonly SourceDoubt[] {
  if (beyond === 0) return []
  return [
    {
      code: 'series',
      severity: 'advisory',
      what: 'In quarantine: its series have more distinct labels than one target may have; what was known goes on, new ones are not read',
      by: `${plural(beyond, 'sample')} beyond ${grouped(maxLabelSets)} label sets`,
      nextStep:
        'See which label changes with every answer. Where the target stands for a whole floor, raise limits.labelSets in floorwatch.yaml.',
    },
  ]
}
