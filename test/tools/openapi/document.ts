import { stringify } from 'yaml'
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi'
import { OPERATIONS, type Operation } from '../../../shared/metering/operations.ts'
import { PROBLEM_STATUS, problemSchema, type ProblemType } from '../../../shared/metering/problem.ts'

/** Version of the contract, not of Floorwatch: a minor one adds, a major one would move to /v2. */
const CONTRACT_VERSION = '1.1.0'

const DESCRIPTION = [
  'What a token-metering back end has to answer so that Floorwatch can show usage, capacity, prices, workflows and limits, and lay throttles over limits.',
  "Instants are RFC 3339 in UTC. Tokens are whole numbers that may exceed 2^53. Money is a decimal in a string. Lists come in pages with an opaque cursor. Every reading says how far its data reach (`dataAsOf`) and whether anything is missing (`complete`, `missing`). `cachedInput` is part of `input` and `reasoning` is part of `output`: they are never added. There is no field for a prompt, an answer or a tool's arguments, and a reader drops fields that it does not know.",
  "A throttle is an overlay: effective = the least of the base limit and of every active throttle. It only lowers, it must expire on the server's own clock, and a release removes the overlay and replays no remembered value.",
  'Three facts are told apart. *Stored*: this API accepted it. *Reported* (`reportedAt`, the state `reported`): every gateway says that it is in force. Whether the traffic obeys is seen in usage alone. An answer that never came is found again by `GET /v1/throttles?idempotencyKey=`; nothing has to be sent twice.',
  '1.1 calls `reportedAt` and `reported` what 1.0 called `enforcedAt` and `enforced`, because nothing but the reports of gateways stood behind those words. It adds `tighten`, `idempotencyKey`, `endedAfter` and `breakGlass`. Nothing outside this project spoke 1.0, so the path stays /v1.',
].join('\n\n')

const TAGS: Readonly<Record<Operation['tag'], string>> = {
  Reading: 'What was used, what it ran on and what it costs',
  Workflows: 'Token accounting that follows a job, without any content',
  Tenants: 'Who is entitled to what',
  Throttles: 'Overlays that lower a limit for a while',
  Audit: 'Who did what, as a chain that shows a change',
  Events: 'What has changed, as it changes',
}

const PROBLEM_WORDS: Readonly<Record<ProblemType, string>> = {
  'invalid-request': 'The request does not follow the contract; `pointer` names the place.',
  unauthorised: 'No bearer token, or one that is not known.',
  forbidden: 'The token may not do this.',
  'not-found': 'There is no such thing.',
  'idempotency-conflict': 'This Idempotency-Key was used with another body.',
  stale: 'If-Match does not name the present version: read again, then decide again.',
  'above-base': 'The throttle would raise a limit. A throttle only lowers.',
  'precondition-required': 'A required header is missing: Idempotency-Key or If-Match.',
  'rate-limited': 'Too many requests; Retry-After says when to come again.',
  unavailable: 'Not now; Retry-After says when to come again.',
}

const HEADERS = {
  'Idempotency-Key': z.string().min(1).max(255).meta({
    description:
      'Chosen by the caller. The same key with the same body gives the same answer for at least 24 hours.',
  }),
  'If-Match': z.string().min(1).max(255).meta({ description: 'The ETag that the decision was made on.' }),
  'Last-Event-ID': z.string().max(255).meta({ description: 'Resume after this event.' }),
} as const

/** The OpenAPI 3.1 document of the Metering API, made of the schemas that check every request and answer. */
export function openApiDocument() {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    const path = (paths[operation.path] ??= {})
    path[operation.method.toLowerCase()] = describe(name, operation)
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Metering API',
        version: CONTRACT_VERSION,
        summary: 'Token metering and throttling of an AI factory',
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: 'https://metering.example', description: 'The base address that a site configures' }],
      tags: Object.entries(TAGS).map(([tag, description]) => ({ name: tag, description })),
      security: [{ bearer: [] }],
      paths,
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
        schemas: { Problem: problemSchema },
      },
    },
    {
      // An answer may hold more than the contract names: its reader drops it. A request may not.
      override({ jsonSchema, io }) {
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties
      },
    },
  )
}

/** The document as the project keeps it. */
export function openApiText(): string {
  const head = '# Made of shared/metering by `npm run openapi`; change it there.\n'
  return head + stringify(openApiDocument(), { lineWidth: 0, aliasDuplicateObjects: false })
}

function describe(name: string, operation: Operation): ZodOpenApiOperationObject {
  const { tag, summary, query, params, body, media, answer, problems } = operation
  const headers = [
    ...operation.requiredHeaders,
    ...(media === 'text/event-stream' ? (['Last-Event-ID'] as const) : []),
  ]
  const headerShape = Object.fromEntries(
    headers.map((header) => [
      header,
      header === 'Last-Event-ID' ? HEADERS[header].optional() : HEADERS[header],
    ]),
  )
  return {
    operationId: name,
    summary,
    tags: [tag],
    requestParams: {
      ...(query === null ? {} : { query }),
      ...(params === null ? {} : { path: params }),
      ...(headers.length === 0 ? {} : { header: z.object(headerShape) }),
    },
    ...(body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [String(answer.status) as '200']: {
        description: media === 'text/event-stream' ? 'Events; `data` holds one each' : 'As asked',
        ...(answer.etag
          ? { headers: z.object({ ETag: z.string().meta({ description: 'For If-Match' }) }) }
          : {}),
        ...(answer.body === null ? {} : { content: { [media]: { schema: answer.body } } }),
      },
      ...Object.fromEntries(
        problems.map((problem) => [
          String(PROBLEM_STATUS[problem]),
          {
            description: PROBLEM_WORDS[problem],
            content: { 'application/problem+json': { schema: problemSchema } },
          },
        ]),
      ),
    },
  }
}
