import { z } from 'zod'
import { auditFilterSchema, auditPageSchema, auditVerdictSchema } from '../audit.ts'
import { command } from '../define.ts'
import { nothing } from './questions.ts'

export const auditCommands = {
  'audit.page': command({
    access: 'read',
    walls: 'refused',
    input: z.strictObject({
      filter: auditFilterSchema,
      /** Entries before this one; null for the newest. */
      before: z.int().min(1).nullable(),
      limit: z.int().min(1).max(500).default(100),
    }),
    output: auditPageSchema,
  }),
  /** Goes through the whole chain. */
  'audit.verify': command({ access: 'read', walls: 'refused', input: nothing, output: auditVerdictSchema }),
  /**
   * JSON lines, as `floorwatch verify` reads them, from `first` on; a long chain comes in several files, each of which can
   * be checked by itself. It is itself an entry.
   */
  'audit.export': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ first: z.int().min(1).default(1) }),
    output: z.object({ name: z.string(), text: z.string(), next: z.int().nullable() }),
  }),
}
