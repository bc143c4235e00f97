import { type AnswerOf, OPERATIONS } from '../../../../shared/metering/operations.ts'
import type { Throttle } from '../../../../shared/metering/throttles.ts'
import { segment } from '../transport/address.ts'
import type { Call, MeteringHttp, Tagged } from '../transport/http.ts'
import { AnswerError, checking, readerOf, type Reader } from '../transport/reader.ts'
import { throttleFailureOf } from './failure.ts'
import type { Condition, ThrottleControl } from './types.ts'

/** More throttles than this at once are not followed. */
const MOST_THROTTLES = 5_000

const readLimits = readerOf(OPERATIONS.getLimits.answer.body)
const readPreview = readerOf(OPERATIONS.previewThrottle.answer.body)
const readThrottle = readerOf(OPERATIONS.getThrottle.answer.body)
const readThrottles = readerOf(OPERATIONS.listThrottles.answer.body)

/** Throttles over the Metering API of this project. */
export function throttlesOverApi(http: Pick<MeteringHttp, 'get' | 'post' | 'tagged'>): ThrottleControl {
  function tagged<T>(call: Call, read: Reader<T>, signal: AbortSignal): Promise<Tagged<T>> {
    return told(() => http.tagged(call, read, { signal }))
  }

  function change(
    name: 'extendThrottle' | 'tightenThrottle' | 'releaseThrottle',
    id: string,
    body: unknown,
    condition: Condition,
    signal: AbortSignal,
  ): Promise<Tagged<Throttle>> {
    const { method } = OPERATIONS[name]
    return tagged(
      { method, path: pathOf(name, id), headers: headersOf(condition), ...(body === null ? {} : { body }) },
      throttleAbout({ id }),
      signal,
    )
  }

  return {
    limits: (tenant, signal) =>
      tagged(
        { method: 'GET', path: pathOf('getLimits', tenant) },
        checking(readLimits, (answer) => {
          for (const [i, { tenantId }] of answer.throttles.entries())
            same(`throttles.${i}.tenantId`, tenantId, tenant)
        }),
        signal,
      ),
    preview: (wanted, signal) =>
      told(() => http.post(OPERATIONS.previewThrottle.path, wanted, readPreview, { signal })),
    create: (body, condition, signal) =>
      tagged(
        {
          method: 'POST',
          path: OPERATIONS.createThrottle.path,
          body,
          headers: headersOf(condition),
        },
        throttleAbout({ tenantId: body.tenantId }),
        signal,
      ),
    read: (id, signal) =>
      tagged({ method: 'GET', path: pathOf('getThrottle', id) }, throttleAbout({ id }), signal),
    list: ({ tenant, idempotencyKey, endedAfterMs }, signal) =>
      told(async () => {
        const { throttles, complete } = await http.get(
          OPERATIONS.listThrottles.path,
          checking(readThrottles, (answer) => {
            checkList(answer)
            for (const [i, each] of answer.throttles.entries()) {
              if (tenant !== undefined) same(`throttles.${i}.tenantId`, each.tenantId, tenant)
              if (idempotencyKey !== undefined) {
                same(`throttles.${i}.idempotencyKey`, each.idempotencyKey ?? '', idempotencyKey)
              }
            }
          }),
          {
            signal,
            query: {
              tenant,
              idempotencyKey,
              endedAfter: endedAfterMs === undefined ? undefined : new Date(endedAfterMs).toISOString(),
            },
          },
        )
        return { throttles, complete }
      }),
    extend: (id, body, condition, signal) => change('extendThrottle', id, body, condition, signal),
    tighten: (id, body, condition, signal) => change('tightenThrottle', id, body, condition, signal),
    release: (id, condition, signal) => change('releaseThrottle', id, null, condition, signal),
  }
}

/** @throws ThrottleFailure */
async function told<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw throttleFailureOf(error)
  }
}

function pathOf(
  name: 'getLimits' | 'getThrottle' | 'extendThrottle' | 'tightenThrottle' | 'releaseThrottle',
  id: string,
): string {
  return OPERATIONS[name].path.replace('{id}', () => segment(id))
}

function headersOf({ idempotencyKey, ifMatch }: Condition): Record<string, string> {
  return { 'idempotency-key': idempotencyKey, 'if-match': ifMatch }
}

/** A throttle that is about what was asked: nothing else may be taken for the outcome. */
function throttleAbout(asked: { readonly id?: string; readonly tenantId?: string }): Reader<Throttle> {
  return checking(readThrottle, (throttle) => {
    if (asked.id !== undefined) same('id', throttle.id, asked.id)
    if (asked.tenantId !== undefined) same('tenantId', throttle.tenantId, asked.tenantId)
  })
}

function checkList({ throttles }: AnswerOf<'listThrottles'>): void {
  if (throttles.length > MOST_THROTTLES) {
    throw new AnswerError('throttles', `expected at most ${MOST_THROTTLES}, got ${throttles.length}`)
  }
  const ids = new Set<string>()
  for (const [i, { id }] of throttles.entries()) {
    if (ids.has(id)) throw new AnswerError(`throttles.${i}.id`, 'expected each throttle once')
    ids.add(id)
  }
}

function same(field: string, answered: string, asked: string): void {
  if (answered !== asked) throw new AnswerError(field, 'it is not the one that was asked for')
}
