import { z } from 'zod'
import { MOST_ID, MOST_NAME, PERSON_ROLES } from '../../../shared/model/person.ts'

/** Whatever JSON can say, and canonical JSON can write. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined }

/** Who did it: a person in the role of that moment, or a part of Floorwatch by its name. */
export type AuditActor =
  | { readonly id: string; readonly name: string; readonly role: string }
  | { readonly system: string }

/** What happened, before it has its place in the chain. */
export interface AuditEntry {
  readonly actor: AuditActor
  /** From where: "browser at 10.0.0.7", "terminal". */
  readonly origin: string
  /** What was done, dotted: `throttle.intent`, `incident.acknowledge`, `access.signIn`. */
  readonly action: string
  /** To what: `tenant/borealis-agents`, `incident/2417`, `account/m.ortiz`. */
  readonly target: string
  /** State before and after, in the words of the action. Never a secret. */
  readonly before?: JsonValue
  readonly after?: JsonValue
  /** In the person's own words. */
  readonly reason?: string
  readonly intentId?: string
  readonly incidentId?: string
}

const MOST_TEXT = 4096
const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(json),
    z.record(z.string(), z.union([json, z.undefined()])),
  ]),
)

const actorSchema = z.union([
  z.strictObject({
    id: z.string().max(MOST_ID),
    name: z.string().max(MOST_NAME),
    role: z.enum(PERSON_ROLES),
  }),
  z.strictObject({ system: z.string().max(MOST_NAME) }),
])

/** One link of the chain, as it is kept and exported. */
export const auditRecordSchema = z.strictObject({
  v: z.literal(1),
  /** From 1, without gaps. */
  seq: z.int().min(1),
  /** Wall clock of the engine, ms. The order is `seq`: clocks are set. */
  at: z.int(),
  actor: actorSchema,
  origin: z.string().max(MOST_TEXT),
  action: z.string().max(200),
  target: z.string().max(MOST_TEXT),
  before: json.optional(),
  after: json.optional(),
  reason: z.string().max(MOST_TEXT).optional(),
  intentId: z.string().max(200).optional(),
  incidentId: z.string().max(200).optional(),
  /** The hash of the entry before it; of the first one {@link GENESIS}. */
  prev: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type AuditRecord = z.infer<typeof auditRecordSchema>

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64)
