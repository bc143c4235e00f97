import { plural } from '../../../../shared/model/phrases.ts'
import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { type Completeness, isComplete } from '../../../core/observation.ts'
import type { Identities } from './identities.ts'

/** GPUs that have no name in narrow answers. */
export function unnamedDoubts({ unnamed }: Identities): SourceDoubt[] {
  if (unnamed === 0) return []
  return [
    {
      code: 'no-uuid',
      severity: 'advisory',
      what: 'GPUs without a UUID and without a number on their exporter cannot be read through Prometheus; they are not on the floor',
      by: plural(unnamed, 'GPU'),
      nextStep:
        'See which relabelling drops UUID, gpu or instance, or list the exporters so that they are read directly.',
    },
  ]
}

/**
 * @param named whether who is who is known wholly
 * @param lacking why questions were not answered wholly, each
 */
export function partialDoubts(named: Completeness, lacking: readonly string[]): SourceDoubt[] {
  if (isComplete(named)) return unansweredDoubts(lacking)
  return [
    {
      code: 'partial',
      severity: 'advisory',
      what: 'Prometheus answers with a part of the floor; nothing is taken for gone',
      by: named.why,
      nextStep: 'Look at the stores and the query limits of the back end; sums on this floor are not whole.',
    },
  ]
}

function unansweredDoubts(lacking: readonly string[]): SourceDoubt[] {
  const [first] = lacking
  if (first === undefined) return []
  return [
    {
      code: 'partial',
      severity: 'advisory',
      what: `Prometheus does not answer ${plural(lacking.length, 'question')} about the floor wholly; those figures age`,
      by: first,
      nextStep: 'Look at the limits of the back end and at its log; all other figures go on.',
    },
  ]
}
