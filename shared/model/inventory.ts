import { z } from 'zod'

/** What ought to stand on the floor. Comes from configuration; the roll-call compares it with what answers. */
export const inventorySchema = z.strictObject({
  floors: z.array(
    z.strictObject({
      name: z.string().min(1),
      racks: z.array(
        z.strictObject({
          name: z.string().min(1),
          hosts: z.array(
            z.strictObject({
              name: z.string().min(1),
              gpus: z.int().min(0).max(64),
              /** Short GPU type as in gpuType.ts; null where it does not matter. */
              type: z.string().min(1).nullable().default(null),
              /** By slot; given only where boards are tracked one by one. */
              uuids: z.array(z.string()).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
})
export type Inventory = z.infer<typeof inventorySchema>
