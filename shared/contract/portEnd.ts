import { z } from 'zod'

/**
 * What the desktop shell says on a page's MessagePort right before it closes it: why, for the person at the screen.
 * It travels on the port itself, because only there its order to the close is certain; a wire's own messages are text
 * or bytes, so it cannot be taken for one. `refused`: the engine does not admit this window, which only a person can
 * change.
 */
export const portEndSchema = z.strictObject({
  closed: z.string().min(1).max(600),
  refused: z.boolean().optional(),
})
export type PortEnd = z.infer<typeof portEndSchema>
