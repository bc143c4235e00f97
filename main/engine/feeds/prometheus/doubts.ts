import { message, said } from '../../../../shared/messages/message.ts'
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
      what: message('doubt.unnamed'),
      by: message('doubt.unnamed.by', { gpus: unnamed }),
      nextStep: message('doubt.unnamed.next'),
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
      what: message('doubt.partial'),
      by: said(named.why),
      nextStep: message('doubt.partial.next'),
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
      what: message('doubt.unanswered', { questions: lacking.length }),
      by: said(first),
      nextStep: message('doubt.unanswered.next'),
    },
  ]
}
