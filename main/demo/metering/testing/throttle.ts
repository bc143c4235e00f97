import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import {
  limitsSchema,
  previewSchema,
  type Throttle,
  throttleSchema,
} from '../../../../shared/metering/throttles.ts'
import type { TestApi } from './api.ts'

export interface Laid {
  readonly response: Response
  readonly body: Throttle
  readonly etag: string
}

/** A throttle's request without what a preview and the clock add. */
export const LIGHT = { tenantId: 'meridian', scope: {}, mode: 'cap', limits: { tpm: 5_400_000 } }
/** More than half of the traffic goes. */
export const HEAVY = { tenantId: 'meridian', scope: {}, mode: 'cap', limits: { tpm: 600_000 } }
export const HALF_AN_HOUR = 30 * 60_000

let keys = 0
export const newKey = () => `key-${++keys}`

export async function limitsOf(
  test: TestApi,
  tenant: string,
): Promise<{ body: AnswerOf<'getLimits'>; etag: string }> {
  const { response, body } = await test.json(`/v1/tenants/${tenant}/limits`)
  return { body: limitsSchema.parse(body), etag: response.headers.get('etag') ?? '' }
}

export async function previewOf(test: TestApi, wanted: object): Promise<AnswerOf<'previewThrottle'>> {
  const response = await test.post('/v1/throttles/preview', wanted)
  return previewSchema.parse(await response.json())
}

/** The whole body of a create, as a console would send it now. */
export async function requestOf(test: TestApi, wanted: object, more: object = {}): Promise<object> {
  const { previewToken } = await previewOf(test, wanted)
  const expiresAt = new Date(test.now() + HALF_AN_HOUR).toISOString()
  return { ...wanted, reason: 'TTFT burns at 14x', expiresAt, previewToken, ...more }
}

export async function create(
  test: TestApi,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const { tenantId = 'meridian' } = body as { tenantId?: string }
  const { etag } = await limitsOf(test, tenantId)
  return test.post('/v1/throttles', body, { 'idempotency-key': newKey(), 'if-match': etag, ...headers })
}

/** A throttle that lies there. */
export async function throttleOf(test: TestApi, wanted: object = LIGHT, more: object = {}): Promise<Laid> {
  return laidOf(await create(test, await requestOf(test, wanted, more)))
}

export async function laidOf(response: Response): Promise<Laid> {
  const text = await response.text()
  if (response.status >= 400) throw new Error(`refused: ${text}`)
  return { response, body: throttleSchema.parse(JSON.parse(text)), etag: response.headers.get('etag') ?? '' }
}

/** A change of a throttle that exists. */
export function change(
  test: TestApi,
  path: string,
  etag: string,
  body: object | null,
  options: { readonly key?: string; readonly token?: string } = {},
): Promise<Response> {
  return test.fetch(`/v1/throttles/${path}`, {
    method: body === null ? 'DELETE' : 'POST',
    headers: {
      'if-match': etag,
      'idempotency-key': options.key ?? newKey(),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    ...(options.token === undefined ? {} : { token: options.token }),
  })
}
