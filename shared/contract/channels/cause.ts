import { z } from 'zod'
import { causeFoundSchema } from '../../model/cause.ts'
import { stream } from '../define.ts'

export const causeStreams = {
  /** Who suffers and who causes: tenants by name, so not for walls. */
  'slo.cause': stream({
    walls: 'refused',
    params: z.strictObject({ objectiveId: z.string().min(1).max(63) }),
    /** Null where there is no such objective, or it is only now looked at. */
    item: causeFoundSchema.nullable(),
  }),
}
