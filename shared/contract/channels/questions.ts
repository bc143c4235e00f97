import { z } from 'zod'

/** What several channels ask with. */
export const nothing = z.strictObject({})
/** ms since the epoch on the engine's clock. */
export const range = { fromMs: z.number(), toMs: z.number() }
/** As long as an id of the metering may be. */
export const tenantId = z.string().min(1).max(4096)
