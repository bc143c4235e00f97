import { z } from 'zod'

/** The small answers of the API, as zod schemas. Unknown members are let through unread: back ends add their own. */

const text = z.string().max(4096)
const labels = z.record(z.string().max(1024), text)
const notes = z.array(z.string()).nullish()

export function answerOf<T extends z.ZodType>(data: T) {
  return z.object({
    status: z.literal('success'),
    data,
    warnings: notes,
    infos: notes,
    isPartial: z.boolean().optional(),
  })
}

export const errorAnswer = z.object({
  status: z.literal('error'),
  errorType: z.string().default(''),
  error: z.string().default(''),
})

export const seriesData = z.array(labels)
/** Prometheus says null where it means none. */
export const namesData = z
  .array(text)
  .nullable()
  .transform((names) => names ?? [])

/** VictoriaMetrics 1.x answers `{}`, Mimir adds `application`. */
export const buildInfoData = z
  .object({ version: text.optional(), application: text.optional(), revision: text.optional() })
  .nullish()

export const targetsData = z.object({
  activeTargets: z
    .array(
      z.object({
        labels,
        scrapePool: text.default(''),
        scrapeUrl: text,
        lastError: z.string().default(''),
        lastScrape: text.default(''),
        health: z.enum(['up', 'down', 'unknown']),
        scrapeInterval: text.optional(),
      }),
    )
    .nullable()
    .transform((targets) => targets ?? []),
})
export type Target = z.infer<typeof targetsData>['activeTargets'][number]

export const metadataData = z.record(
  z.string().max(1024),
  z.array(z.object({ type: text, help: z.string(), unit: z.string().default('') })),
)
export type Metadata = z.infer<typeof metadataData>
