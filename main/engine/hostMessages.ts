import { z } from 'zod'
import { secretReferenceSchema } from '../../shared/contract/console.ts'

/**
 * What the Electron shell and the engine in its utility process say to each other. Screens never speak on this line:
 * theirs are the MessagePorts that come with `attach`.
 */
const id = z.int().min(0)
const secretUse = z.strictObject({ reference: secretReferenceSchema, origin: z.string().min(1) })

export const toEngineSchema = z.discriminatedUnion('type', [
  /** First message, once. `configPath` null starts in setup mode. */
  z.strictObject({
    type: z.literal('configure'),
    configPath: z.string().min(1).nullable(),
    version: z.string(),
    paths: z.strictObject({ newConfig: z.string().min(1) }),
    /** Where what outlives the engine is kept; nothing is where it is absent. */
    state: z.strictObject({ folder: z.string().min(1), keepsDemo: z.boolean() }).optional(),
    /** Started with --allow-setup. */
    allowSetup: z.boolean().optional(),
  }),
  /** One MessagePort travels with it: the connection of one screen. */
  z.strictObject({ type: z.literal('attach'), role: z.enum(['console', 'wall']) }),
  z.strictObject({ type: z.literal('demo-ready'), id, configPath: z.string().min(1) }),
  z.strictObject({ type: z.literal('demo-failed'), id, text: z.string() }),
  z.strictObject({ type: z.literal('secret-answer'), id, given: z.boolean() }),
])
export type ToEngine = z.infer<typeof toEngineSchema>

export const fromEngineSchema = z.discriminatedUnion('type', [
  /** The engine serves; ports that came earlier are attached now. */
  z.strictObject({ type: z.literal('ready') }),
  /** Answered by `demo-ready` or `demo-failed` with the same id. */
  z.strictObject({ type: z.literal('demo-request'), id }),
  /** A screen wants this secret sent to that address; answered by `secret-answer` with the same id. */
  z.strictObject({ type: z.literal('secret-request'), id, use: secretUse }),
  /** The engine cannot go on and exits; the text is for the person in front of the window. */
  z.strictObject({ type: z.literal('fatal'), text: z.string() }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>
