import { z } from 'zod'
import { secretReferenceSchema } from '../../shared/contract/console.ts'
import { FIELD_IDS } from '../../shared/model/field.ts'

/**
 * floorwatch.yaml, one file per site. Secrets stand in it by reference only. Durations are texts such as `5s`,
 * `2m`, `1h`; relative paths start at the file's folder.
 */
const duration = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/, 'expected a duration such as 500ms, 5s, 2m or 1h')
  .meta({ description: 'A duration: a number and ms, s, m, h or d' })

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'expected a header name')

/** How to talk to one HTTP source; the same for Prometheus, exporters and discovery. */
const access = {
  bearer: secretReferenceSchema.optional(),
  basic: z.strictObject({ username: z.string(), password: secretReferenceSchema }).optional(),
  tls: z
    .strictObject({
      /** PEM file of the private CA that signed the server's certificate. */
      ca: z.string().optional(),
      /** Client certificate and key, PEM files (mTLS). */
      cert: z.string().optional(),
      key: z.string().optional(),
      serverName: z.string().optional(),
    })
    .optional(),
  timeout: duration.optional(),
}

export const configSchema = z.strictObject({
  version: z.literal(1),
  site: z.strictObject({
    name: z.string().min(1).max(80),
    /** IANA zone of the floor; walls show UTC and this one. */
    timezone: z.string().default('UTC'),
  }),
  prometheus: z
    .strictObject({
      url: httpUrl,
      ...access,
      /** E.g. X-Scope-OrgID for Mimir, THANOS-TENANT for Thanos. A value or a reference to a secret. */
      headers: z.record(headerName, z.union([z.string(), secretReferenceSchema])).default({}),
      /** Pause between fast queries. */
      refresh: duration.default('5s'),
      /** Every how many refreshes the slow fields are asked. */
      slowEvery: z.int().min(1).max(120).default(6),
      /** How often identity labels are learnt anew. */
      identityEvery: duration.default('60s'),
      /** Extra label matchers for every query, PromQL inside braces: `cluster="a", job=~"dcgm.*"`. */
      selector: z.string().default(''),
    })
    .optional(),
  exporters: z
    .strictObject({
      /** Addresses of exporters: `host:port`, or a whole URL. `/metrics` where no path is given. */
      static: z.array(z.string().min(1)).default([]),
      /** Prometheus file_sd files, JSON or YAML; `*` in the last part of a path. */
      files: z.array(z.string().min(1)).default([]),
      /** Prometheus HTTP SD addresses. */
      http: z.array(httpUrl).default([]),
      ...access,
      interval: duration.default('5s'),
      /** Scrapes in flight at once. */
      concurrency: z.int().min(1).max(512).default(32),
      limits: z
        .strictObject({
          bodyMebibytes: z.number().positive().max(1024).default(32),
          samples: z.int().positive().default(200_000),
          labels: z.int().positive().default(64),
          labelLength: z.int().positive().default(4096),
        })
        .prefault({}),
    })
    .optional(),
  inventory: z
    .strictObject({
      floors: z.array(
        z.strictObject({
          name: z.string().min(1),
          racks: z.array(
            z.strictObject({
              name: z.string().min(1),
              /** Host names, `h-{0001..0008}` stands for a range. */
              hosts: z.array(z.string().min(1)),
              /** GPUs on each of these hosts. */
              gpus: z.int().min(0).max(64),
              type: z.string().min(1).optional(),
            }),
          ),
        }),
      ),
    })
    .optional(),
  thresholds: z
    .partialRecord(z.enum(FIELD_IDS), z.strictObject({ advisory: z.number(), critical: z.number() }))
    .default({}),
  freshness: z
    .strictObject({
      staleAfter: duration.default('30s'),
      freezeAfter: duration.default('90s'),
    })
    .prefault({}),
  demo: z.boolean().default(false).meta({ description: 'Set by the demo factory; the console says DEMO.' }),
})
export type Config = z.output<typeof configSchema>
