import { z } from 'zod'
import { secretReferenceSchema } from '../../shared/contract/console.ts'
import { FIELD_IDS } from '../../shared/model/field.ts'
import { INFERENCE_SIGNALS } from '../../shared/model/inference.ts'
import { objectiveSchema } from './objectiveSchema.ts'

/**
 * floorwatch.yaml, one file per site. Secrets stand in it by reference only. Durations are texts such as `5s`,
 * `2m`, `1h`; relative paths start at the file's folder. The descriptions reach editors through the JSON Schema.
 */
const duration = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/, 'expected a duration such as 500ms, 5s, 2m or 1h')
  .meta({ description: 'A duration: a number and ms, s, m, h or d' })

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
/** Decimal numbers are written in quotes: "0.90" stays what it is. */
const decimal = z.string().regex(/^\d+(?:\.\d+)?$/, 'expected a decimal number in quotes, such as "0.90"')
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'expected a header name')
const secret = secretReferenceSchema.meta({
  description:
    'Where a secret is found: { env: NAME } or { file: PATH }. The secret itself never stands here.',
})
const pemFile = (what: string) =>
  z
    .string()
    .min(1)
    .optional()
    .meta({ description: `PEM file of ${what}` })

/** How to talk to one HTTP source; the same for Prometheus, exporters and discovery. */
const access = {
  bearer: secret.optional(),
  basic: z.strictObject({ username: z.string(), password: secret }).optional(),
  tls: z
    .strictObject({
      ca: pemFile("the private authority that signed the server's certificate"),
      cert: pemFile('the client certificate (mTLS)'),
      key: pemFile('the key of the client certificate (mTLS)'),
      serverName: z
        .string()
        .min(1)
        .optional()
        .meta({ description: 'Name in the certificate, where it differs from the address' }),
    })
    .optional(),
  timeout: duration.optional().meta({ description: 'How long one answer may take' }),
}

/** For sections whose targets also come from lists. */
const secretFor = z.array(z.string().min(1)).default([]).meta({
  description:
    'Which addresses that files or http name get the secret of this section: *.gpu.example.net:9400, 10.0.0.0/8, https://h-1. Addresses that stand in this file get it anyway',
})

export const configSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format' }),
    site: z.strictObject({
      name: z
        .string()
        .min(1)
        .max(80)
        .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'expected a text without control characters'),
      timezone: z
        .string()
        .default('UTC')
        .meta({ description: 'IANA zone of the floor, e.g. Europe/Paris; walls show UTC and this one' }),
    }),
    prometheus: z
      .strictObject({
        url: httpUrl.meta({
          description: 'Prometheus, Thanos, Mimir or VictoriaMetrics, e.g. http://prometheus:9090',
        }),
        ...access,
        headers: z
          .record(headerName, z.union([z.string(), secret]))
          .default({})
          .meta({
            description: 'Extra request headers, e.g. X-Scope-OrgID for Mimir, THANOS-TENANT for Thanos',
          }),
        refresh: duration.default('5s').meta({ description: 'Pause between fast queries' }),
        slowEvery: z
          .int()
          .min(1)
          .max(120)
          .default(6)
          .meta({ description: 'Every how many refreshes the slow fields are asked' }),
        identityEvery: duration
          .default('60s')
          .meta({ description: 'How often identity labels are learnt again' }),
        selector: z.string().default('').meta({
          description: 'Label matchers added to every query: cluster="a", job=~"dcgm.*"',
        }),
      })
      .optional()
      .meta({ description: 'The floor through a Prometheus-compatible server' }),
    exporters: z
      .strictObject({
        static: z.array(z.string().min(1)).default([]).meta({
          description: 'Exporters as host:port or whole addresses; /metrics where no path is given',
        }),
        files: z
          .array(z.string().min(1))
          .default([])
          .meta({ description: 'Prometheus file_sd files, JSON or YAML; * in the last part of a path' }),
        http: z.array(httpUrl).default([]).meta({ description: 'Prometheus HTTP SD addresses' }),
        secretFor,
        ...access,
        interval: duration.default('5s').meta({ description: 'Pause between two scrapes of one exporter' }),
        concurrency: z.int().min(1).max(512).default(32).meta({ description: 'Scrapes in flight at once' }),
        limits: z
          .strictObject({
            bodyMebibytes: z.number().positive().max(1024).default(32),
            samples: z.int().positive().default(200_000),
            labels: z.int().positive().default(64),
            labelLength: z.int().positive().default(4096),
            labelSets: z.int().positive().default(8192),
          })
          .prefault({})
          .meta({ description: 'What one scrape may bring at most; more is refused and named' }),
      })
      .optional()
      .meta({
        description: 'The floor straight from dcgm-exporter, alone or when Prometheus does not answer',
      }),
    metering: z
      .strictObject({
        kind: z.enum(['api', 'litellm', 'openmeter']).default('api').meta({
          description:
            'What speaks there: the Metering API (docs/metering-api.md), a LiteLLM proxy, or OpenMeter',
        }),
        url: httpUrl.meta({ description: 'Base address; for the Metering API without the /v1' }),
        ...access,
        headers: z.record(headerName, z.union([z.string(), secret])).default({}),
        refresh: duration.default('5s').meta({ description: 'Pause between questions for the newest usage' }),
        lagAllowed: duration
          .default('60s')
          .meta({ description: 'How far its data may be behind before it is called lagging' }),
        litellm: z
          .strictObject({
            metrics: httpUrl.optional().meta({
              description: "The proxy's /metrics, for live rates; without it only the past is known",
            }),
          })
          .prefault({}),
        openmeter: z
          .strictObject({
            tokens: z
              .string()
              .min(1)
              .default('tokens_total')
              .meta({ description: 'Slug of the token meter' }),
            requests: z
              .string()
              .min(1)
              .nullable()
              .default(null)
              .meta({ description: 'Slug of the request meter' }),
            typeGroup: z
              .string()
              .min(1)
              .default('type')
              .meta({ description: 'groupBy that holds input or output' }),
            groups: z
              .strictObject({
                tenant: z.string().min(1).default('subject'),
                model: z.string().min(1).nullable().default('model'),
                endpoint: z.string().min(1).nullable().default(null),
                gpuType: z.string().min(1).nullable().default(null),
              })
              .prefault({})
              .meta({
                description: 'Which groupBy of the meter holds which dimension; subject is the subject',
              }),
          })
          .prefault({}),
      })
      .optional()
      .meta({ description: 'Who used how many tokens' }),
    inference: z
      .strictObject({
        prometheus: z.boolean().default(true).meta({
          description: 'Ask the Prometheus above for the series of the inference servers',
        }),
        selector: z.string().default('').meta({
          description: 'Label matchers added to every inference query: cluster="a", job=~"vllm.*"',
        }),
        static: z.array(z.string().min(1)).default([]).meta({
          description: 'Servers as host:port or whole addresses; /metrics where no path is given',
        }),
        files: z.array(z.string().min(1)).default([]).meta({ description: 'Prometheus file_sd files' }),
        http: z.array(httpUrl).default([]).meta({ description: 'Prometheus HTTP SD addresses' }),
        secretFor,
        ...access,
        interval: duration.default('5s').meta({ description: 'Pause between two scrapes of one server' }),
        concurrency: z.int().min(1).max(512).default(32),
        labels: z
          .strictObject({
            namespace: z
              .array(z.string().min(1))
              .default(['namespace', 'kubernetes_namespace', 'exported_namespace']),
            pod: z.array(z.string().min(1)).default(['pod', 'kubernetes_pod_name', 'exported_pod']),
            model: z.array(z.string().min(1)).default(['model_name', 'model', 'model_id']),
            endpoint: z
              .array(z.string().min(1))
              .default(['endpoint_name', 'route', 'service', 'deployment', 'app']),
            host: z.array(z.string().min(1)).default(['node', 'hostname', 'Hostname', 'kubernetes_node']),
          })
          .prefault({})
          .meta({ description: 'Which label holds what, the first that is there wins' }),
        names: z.record(z.string().min(1), z.enum(INFERENCE_SIGNALS)).default({}).meta({
          description: 'Series of engines that Floorwatch does not know: { my_prompt_tokens_total: input }',
        }),
        models: z
          .record(z.string().min(1), z.string().min(1))
          .default({})
          .meta({ description: "Names that servers use for a model, and the metering's name for it" }),
      })
      .optional()
      .meta({ description: 'Inference servers: served tokens, latencies, queues' }),
    economics: z
      .strictObject({
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/)
          .default('USD'),
        costPerGpuHour: z.record(z.string().min(1), decimal).default({}).meta({
          description: 'What a GPU-hour of a type costs the factory: { H100: "1.30" }',
        }),
        referenceTokensPerSecond: z.record(z.string().min(1), z.number().positive()).default({}).meta({
          description: 'Reference output tokens per second and GPU, instead of the built-in MLPerf figures',
        }),
        assumptions: z
          .strictObject({
            rentPerHour: decimal.default('3'),
            rentedShare: decimal.default('0.7'),
            megatokensPerHour: decimal.default('30'),
            pricePerMegatoken: decimal.default('1'),
            soldShare: decimal.default('0.6'),
          })
          .prefault({})
          .meta({ description: 'Start of the comparison of rented hours and metered tokens' }),
      })
      .prefault({}),
    drift: z
      .strictObject({
        threshold: z.number().positive().max(1).default(0.01).meta({
          description: 'Share of served tokens that may be missing from the metering before it is abnormal',
        }),
        window: duration.default('20s').meta({ description: 'How long a time is compared at once' }),
        lag: duration.default('20s').meta({ description: 'Metering may know a token this much later' }),
      })
      .prefault({}),
    objectives: z.array(objectiveSchema).max(40).default([]).meta({
      description:
        'What is owed: at least so many requests in time, or that succeed; judged by how fast its budget burns',
    }),
    inventory: z
      .strictObject({
        floors: z.array(
          z.strictObject({
            name: z.string().min(1),
            racks: z.array(
              z.strictObject({
                name: z.string().min(1),
                hosts: z
                  .array(z.string().min(1))
                  .meta({ description: 'Host names; h-{0001..0008} stands for a range' }),
                gpus: z.int().min(0).max(64).meta({ description: 'GPUs on each of these hosts' }),
                type: z.string().min(1).optional().meta({ description: 'GPU type, e.g. H100' }),
              }),
            ),
          }),
        ),
      })
      .optional()
      .meta({ description: 'What ought to stand on the floor; without it everything ever seen is expected' }),
    identity: z
      .strictObject({
        host: z
          .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
          .min(1)
          .max(8)
          .optional()
          .meta({
            description:
              'Labels that name the machine of a GPU, the most trusted one first: of the exporter, of Prometheus or of discovery. Names such as localhost are passed over; the address stands in where none is left. Hostname, hostname, node, kubernetes_node where it is left out',
          }),
      })
      .prefault({}),
    thresholds: z
      .partialRecord(z.enum(FIELD_IDS), z.strictObject({ advisory: z.number(), critical: z.number() }))
      .default({})
      .meta({
        description:
          "Limits per field in the exporter's unit, instead of the built-in ones; a critical limit below the advisory one means too low",
      }),
    freshness: z
      .strictObject({
        staleAfter: duration
          .default('30s')
          .meta({ description: 'Figures older than this are shown as stale' }),
        freezeAfter: duration
          .default('90s')
          .meta({ description: 'A source that answers without any change for longer than this is suspect' }),
      })
      .prefault({}),
    demo: z.boolean().default(false).meta({ description: 'Set by the demo factory; the console says DEMO.' }),
  })
  .meta({ title: 'Floorwatch site configuration (floorwatch.yaml)' })
export type Config = z.output<typeof configSchema>
