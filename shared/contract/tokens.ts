import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { SEVERITIES } from '../model/figure.ts'
import { DIMENSIONS, exactCount, quantilesSchema, ratesSchema, totalsSchema } from '../model/tokens.ts'

const rate = z.number().nullable()

/** Where token figures come from and how far they reach; every item and answer about tokens carries it. */
export const tokenOriginSchema = z.object({
  /** `none`: no metering is configured. */
  state: z.enum(['ok', 'lagging', 'partial', 'failing', 'waiting', 'none']),
  /** "Metering API at metering:8080" */
  name: z.string(),
  /** Why the state is not ok, and what to do; null where it is, or where nothing can be done. */
  text: messageSchema.nullable(),
  nextStep: messageSchema.nullable(),
  /** Wall clock of this machine, ms: usage up to here is known. */
  dataAsOf: z.number().nullable(),
  /** How long a back end may lag before it is called lagging, ms. */
  lagAllowedMs: z.number(),
  /** What is missing from the newest answer, in plain words. */
  missing: z.array(z.string()),
  /** What this back end cannot say at all: "LiteLLM does not know GPU types". */
  lacks: z.array(z.object({ what: z.string(), text: messageSchema })),
  /** Late events changed totals that were shown: when and by how much. Newest first, at most 20. */
  corrections: z.array(
    z.object({ at: z.number(), fromMs: z.number(), tokens: exactCount, text: messageSchema }),
  ),
})
export type TokenOrigin = z.output<typeof tokenOriginSchema>

/** Latencies as measured at the inference servers or the gateway. */
const latency = z.object({
  duration: quantilesSchema.nullable(),
  timeToFirstToken: quantilesSchema.nullable(),
  interToken: quantilesSchema.nullable(),
  /** "vLLM through Prometheus, last 5 min; filters: model, endpoint" */
  source: z.string(),
  /** Why there is none, or what it does not cover; '' where all is covered. */
  note: z.string(),
  at: z.number().nullable(),
})
export type LatencyFigures = z.output<typeof latency>

/** The inference servers in the place of a metering that cannot say it: served tokens, not metered ones. */
const standInSchema = z.object({
  /** "served, from inference servers through Prometheus" */
  source: z.string(),
  /** Why not the metering, as a sentence: "OpenMeter does not tell GPU types apart." */
  why: messageSchema,
  /** Newest sample, wall clock, ms. */
  at: z.number().nullable(),
  /** Served tokens of servers that are not mapped to a GPU: of those that are shown, and by which servers, at most 20. */
  unjoined: z.object({ share: rate, tokensPerSecond: rate, servers: z.array(z.string()), total: z.int() }),
  /** What these figures leave out. */
  notes: z.array(messageSchema),
})
export type StandIn = z.output<typeof standInSchema>

const rankedRow = z.object({
  /** '' where the back end did not say. */
  name: z.string(),
  rates: ratesSchema,
  /** Of tokens per second of all rows of this dimension, 0–1. */
  share: rate,
  /** Tokens per second over the recent steps, oldest first. */
  spark: z.array(z.number().nullable()),
})
export type RankedRow = z.output<typeof rankedRow>

/** What failed of ended requests, and of tokens, 0–1; null where it is not known. */
const errorShare = z.object({ byRequests: rate, byTokens: rate })

const ranking = z.object({
  /** By tokens per second. */
  rows: z.array(rankedRow),
  /** Beyond the rows. */
  others: z.object({ count: z.int(), rates: ratesSchema }).nullable(),
  total: z.int(),
})

export const overviewSchema = z.object({
  at: z.number(),
  origin: tokenOriginSchema,
  /** Rates are means over this time before dataAsOf. */
  windowMs: z.number(),
  rates: ratesSchema,
  errorShare,
  latency,
  /** Of the inference servers that pass the filters; null where none of them reports it. */
  servers: z.object({
    count: z.int(),
    silent: z.int(),
    /** Requests. */
    running: rate,
    waiting: rate,
    /** Caches in use, 0–1: the mean over the servers, and the fullest of any of their processes. */
    kvCache: rate,
    kvCacheMost: rate,
    at: z.number().nullable(),
    /** Servers whose queues contradict their counters: left out, or all there is and then `implausible`. */
    doubtful: z.int(),
    implausible: z.boolean(),
    /** What is left out and why, in plain words. */
    notes: z.array(z.string()),
  }),
  trend: z.object({ times: z.array(z.number()), input: z.array(rate), output: z.array(rate) }),
  /** Each dimension under the filters of the other dimensions, so that what is selected can be seen beside the rest. */
  dimensions: z.record(z.enum(DIMENSIONS), ranking),
  /** Which of these are served tokens: the rankings that are named, and rates and trend where `whole`. */
  standIn: standInSchema.extend({ whole: z.boolean(), dimensions: z.array(z.enum(DIMENSIONS)) }).nullable(),
  /** What neither side can say under these filters, and why: such a ranking is empty, such rates are null. */
  unanswered: z.array(z.object({ what: z.enum([...DIMENSIONS, 'rates']), text: messageSchema })),
})
export type TokensOverview = z.output<typeof overviewSchema>

export const historyAnswerSchema = z.object({
  origin: tokenOriginSchema,
  /** null for calendar buckets. */
  stepMs: z.number().nullable(),
  times: z.array(z.number()),
  toMs: z.number(),
  /** Per second; null where it is not known. The last series may be the rest. */
  series: z.array(z.object({ name: z.string(), rest: z.boolean(), values: z.array(rate) })),
  /**
   * All that passes the filters, whatever is charted and by which groups: means of every measure over the steps that are
   * known, and how input and output went, step by step. Null where nothing of the range is known.
   */
  whole: z.object({ rates: ratesSchema, errorShare, input: z.array(rate), output: z.array(rate) }).nullable(),
  /** Where these are served tokens. */
  standIn: standInSchema.nullable(),
  warnings: z.array(z.string()),
})
export type TokensHistory = z.output<typeof historyAnswerSchema>

export const bucketTotalsSchema = z.object({
  origin: tokenOriginSchema,
  timezone: z.string(),
  buckets: z.array(
    z.object({
      fromMs: z.number(),
      toMs: z.number(),
      /** Not over yet, or partly unknown. */
      partial: z.boolean(),
      /** Something speaks against its figures, as `warnings` say: they are not exact. */
      doubtful: z.boolean(),
    }),
  ),
  groups: z.array(
    z.object({
      name: z.string(),
      rest: z.boolean(),
      /** Per bucket; null where nothing is known of it. */
      totals: z.array(totalsSchema.nullable()),
      sum: totalsSchema,
    }),
  ),
  sum: totalsSchema,
  warnings: z.array(z.string()),
})
export type BucketTotals = z.output<typeof bucketTotalsSchema>

export const latencyHistorySchema = z.object({
  kind: z.enum(['duration', 'timeToFirstToken', 'interToken']),
  times: z.array(z.number()),
  stepMs: z.number(),
  p50: z.array(rate),
  p90: z.array(rate),
  p95: z.array(rate),
  p99: z.array(rate),
  /** A bound above which a quantile lies that is therefore null, s: the highest of all points; null where none does. */
  beyond: rate,
  source: z.string(),
  warnings: z.array(z.string()),
})
export type LatencyHistory = z.output<typeof latencyHistorySchema>

const GPU_COUNTS = ['provisioned', 'allocated', 'active', 'watts'] as const

/** Yield of one GPU type. Tokens per GPU-hour has three denominators; none is called just "GPU-hours". */
const yieldRow = z.object({
  gpuType: z.string(),
  gpus: z.object({ provisioned: z.number(), allocated: rate, active: rate }),
  /** What the metering says of the same GPUs, mean over its newest minutes; null where it knows no capacity. */
  capacity: z
    .object({
      provisioned: rate,
      allocated: rate,
      active: rate,
      watts: rate,
      /** Which of them stand above because the floor has none. */
      used: z.array(z.enum(GPU_COUNTS)),
      /** Where both sides know one and are far apart: both figures, in plain words. */
      differs: z.array(z.string()),
    })
    .nullable(),
  tokensPerSecond: rate,
  perGpuHour: z.object({ provisioned: rate, allocated: rate, active: rate }),
  /** Output tok/s per active GPU against the reference of the type, 0–1 and beyond. */
  reference: z.object({ tokensPerSecond: z.number(), source: z.string(), share: rate }).nullable(),
  /** Decimal strings with their currency; null where a rate is missing. */
  costPerGpuHour: z.string().nullable(),
  costPerMegatoken: z.string().nullable(),
  spendPerMegatoken: z.string().nullable(),
  tokensPerCostDollar: rate,
  tokensPerSpendDollar: rate,
  tokensPerJoule: rate,
  watts: rate,
  /** Why a figure is missing, in plain words. */
  notes: z.array(z.string()),
})
export type YieldRow = z.output<typeof yieldRow>

export const yieldSchema = z.object({
  at: z.number(),
  origin: tokenOriginSchema,
  windowMs: z.number(),
  currency: z.string(),
  rows: z.array(yieldRow),
  total: yieldRow,
  /** Tokens whose GPU type is not known, share 0–1. */
  unknownTypeShare: rate,
  /** Where tokens by GPU type are served ones; the total is metered wherever there is a metering. */
  standIn: standInSchema.extend({ whole: z.boolean() }).nullable(),
  /** The time over which the metering's capacity is a mean, ms. */
  capacitySpan: z.object({ fromMs: z.number(), toMs: z.number() }).nullable(),
  /** Which the screen starts from; a person may change them there. Decimal strings; null for a wall, which shows no prices. */
  assumptions: z
    .object({
      rentPerHour: z.string(),
      rentedShare: z.string(),
      megatokensPerHour: z.string(),
      pricePerMegatoken: z.string(),
      soldShare: z.string(),
    })
    .nullable(),
  /** The same quantities as measured now; null where unknown. */
  measured: z.object({ megatokensPerHour: rate, pricePerMegatoken: z.string().nullable(), soldShare: rate }),
})
export type Yield = z.output<typeof yieldSchema>

export const DRIFT_STATES = ['agrees', 'drifts', 'learning', 'unknown'] as const
const driftRow = z.object({
  model: z.string(),
  /** '' for the sum over types or where it is not known. */
  gpuType: z.string(),
  state: z.enum(DRIFT_STATES),
  severity: z.enum(SEVERITIES),
  served: exactCount.nullable(),
  metered: exactCount.nullable(),
  /** served − metered; positive: given away. */
  drift: exactCount.nullable(),
  /** drift ÷ served. */
  driftShare: rate,
  /** At list price; null where there is none. Decimal string. */
  driftAmount: z.string().nullable(),
  since: z.number().nullable(),
  /** drift share over the recent windows, oldest first. */
  spark: z.array(rate),
  note: z.string(),
})
export type DriftRow = z.output<typeof driftRow>

export const driftSchema = z.object({
  at: z.number(),
  origin: tokenOriginSchema,
  currency: z.string(),
  /** The compared time: it ends before the allowed lag. */
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  threshold: z.number(),
  total: driftRow,
  rows: z.array(driftRow),
  /** Share of served tokens of servers that are not mapped to a GPU, 0–1, and which. */
  unjoined: z.object({ share: rate, servers: z.array(z.string()), total: z.int() }),
  servedSource: z.string(),
  notes: z.array(z.string()),
})
export type Drift = z.output<typeof driftSchema>
