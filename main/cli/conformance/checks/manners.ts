import { type OperationName, OPERATIONS } from '../../../../shared/metering/operations.ts'
import { settledRange, text } from '../ranges.ts'
import type { Area } from '../check.ts'
import { problemOf } from '../reply.ts'
import type { Session } from '../session.ts'
import { Nonconformity, Worthwhile } from '../verdict.ts'

/** Everything else rests on these: who may ask, how far data reach, and how a refusal looks. */
export const manners: Area = {
  title: 'Manners',
  checks: [
    {
      title: 'capabilities are readable',
      async run(session) {
        session.capabilities = (await session.ask('getCapabilities')).value
      },
    },
    {
      title: 'a call without a token, or with a wrong one, is refused with 401',
      async run(session) {
        await session.refused('unauthorised', 'getCapabilities', { token: null })
        await session.refused('unauthorised', 'getCapabilities', { token: 'not-the-token' })
      },
    },
    {
      title: 'an unknown path is refused with 404 and a problem document',
      async run(session) {
        problemOf(await session.send('GET', '/v1/there-is-no-such-thing'), 'not-found')
      },
    },
    {
      title: 'every answer carries a Date header, so that clocks can be compared',
      async run(session) {
        const { reply } = await session.ask('getCapabilities')
        if (!Number.isFinite(Date.parse(reply.headers['date'] ?? ''))) {
          throw new Nonconformity(`${reply.place} → Date`, 'an HTTP date', reply.headers['date'] ?? 'none')
        }
      },
    },
    {
      title: 'dataAsOf lies in the past and about as far back as lagSeconds says',
      run: dataReach,
    },
    {
      title: 'what a query does not allow is refused with 400 and a pointer',
      run: refusals,
    },
  ],
}

async function dataReach(session: Session): Promise<void> {
  const range = settledRange(session, 60_000, 5)
  const { value, reply } = await session.ask('getUsage', { query: { ...range, step: '60' } })
  const behindMs = session.now() - Date.parse(value.dataAsOf)
  // Date headers have whole seconds.
  if (behindMs < -2000) {
    throw new Nonconformity(
      `${reply.place} → dataAsOf`,
      `an instant before the server's own clock (${text(session.now())})`,
      value.dataAsOf,
    )
  }
  const allowed = ((session.capabilities?.lagSeconds ?? 0) * 2 + 60) * 1000
  if (behindMs > allowed) {
    throw new Worthwhile(
      `Its data are ${Math.round(behindMs / 1000)} s behind its clock, more than lagSeconds leads to expect.`,
    )
  }
}

async function refusals(session: Session): Promise<void> {
  const { from, to } = settledRange(session, 60_000, 5)
  const min = session.capabilities?.minStepSeconds ?? 1
  const wrong: readonly (readonly [OperationName, Record<string, string>])[] = [
    ['getUsage', { to, step: '60' }],
    ['getUsage', { from: 'yesterday', to, step: '60' }],
    ['getUsage', { from: to, to: from, step: '60' }],
    ['getUsage', { from, to, step: '0' }],
    ['getUsage', { from, to, step: '60', groupBy: 'colour' }],
    ['getUsage', { from, to, step: '60', bucket: 'day' }],
    ['getUsage', { from, to, bucket: 'day', timezone: 'Middle-earth/Shire' }],
    ...(min > 1 ? [['getUsage', { from, to, step: String(min + 1) }] as const] : []),
    ['listTenants', { limit: '0' }],
    ['listTenants', { cursor: 'no-cursor-of-yours' }],
  ]
  for (const [name, query] of wrong) {
    const problem = await session.refused('invalid-request', name, { query })
    if (problem.pointer === undefined) {
      throw new Nonconformity(
        `${OPERATIONS[name].path}?${new URLSearchParams(query).toString()} → pointer`,
        'the name of the parameter that was refused',
        'none',
      )
    }
  }
}
