import type { LimitValues, Tenant } from '../../../../shared/metering/tenants.ts'
import { Money, priceOf } from '../../../../shared/model/money.ts'
import { capabilitiesOf, text } from '../ranges.ts'
import type { Area } from '../check.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable, Worthwhile } from '../verdict.ts'

/** Enough pages to see that paging works and ends. */
const MAX_PAGES = 50

export const tenantChecks: Area = {
  title: 'Tenants',
  checks: [
    { title: 'pages give every tenant once and come to an end', run: paging },
    { title: 'what remains of a quota is its limit less what is used', run: quotas },
    { title: 'effective limits are the least of the base and of every active throttle', run: limits },
    { title: 'limits carry an ETag that stays while nothing changes', run: etags },
    { title: 'a tenant that does not exist is refused with 404', run: unknownTenant },
    { title: 'keys are known by public names', run: keys },
    { title: 'a statement adds up, line by line and as a whole', run: statement },
  ],
}

async function firstTenant(session: Session): Promise<Tenant> {
  const { value } = await session.ask('listTenants', { query: { limit: '1' } })
  const [tenant] = value.tenants
  if (tenant === undefined) throw new NotApplicable('There are no tenants.')
  return tenant
}

async function paging(session: Session): Promise<void> {
  const whole = (await session.ask('listTenants', { query: { limit: '1000' } })).value
  const size = Math.max(1, Math.ceil(Math.min(whole.tenants.length, 1000) / 5))
  const seen = new Set<string>()
  let cursor: string | null = null
  for (let page = 0; page < MAX_PAGES; page++) {
    const query: Record<string, string> = { limit: String(size), ...(cursor === null ? {} : { cursor }) }
    const { value, reply } = await session.ask('listTenants', { query })
    for (const { id } of value.tenants) {
      if (seen.has(id)) throw new Nonconformity(reply.place, 'each tenant on one page', `"${id}" twice`)
      seen.add(id)
    }
    cursor = value.nextCursor
    if (cursor === null) break
    if (value.tenants.length === 0) {
      throw new Nonconformity(
        `${reply.place} → nextCursor`,
        'null after the last tenant',
        'a cursor on a page without tenants',
      )
    }
  }
  if (whole.nextCursor === null && seen.size !== whole.tenants.length) {
    throw new Nonconformity(
      'GET /v1/tenants',
      `${whole.tenants.length} tenants over all pages`,
      `${seen.size}${cursor === null ? '' : ' and no end'}`,
    )
  }
  if (cursor !== null) {
    throw new Worthwhile(
      `There are more than ${MAX_PAGES} pages of ${size} tenants; whether they end was not tried.`,
    )
  }
}

async function quotas(session: Session): Promise<void> {
  const { value, reply } = await session.ask('listTenants', { query: { limit: '1000' } })
  for (const tenant of value.tenants) {
    for (const quota of tenant.quotas) {
      const remaining = quota.limit > quota.used ? quota.limit - quota.used : 0n
      if (quota.remaining !== remaining) {
        throw new Nonconformity(
          `${reply.place} → tenant ${tenant.id} → quota "${quota.name}" → remaining`,
          `${remaining}, the limit of ${quota.limit} less the ${quota.used} used`,
          String(quota.remaining),
        )
      }
    }
  }
}

async function limits(session: Session): Promise<void> {
  const { id } = await firstTenant(session)
  const { value, reply } = await session.ask('getLimits', { id })
  const active = value.throttles.filter(
    ({ state, desired }) => ['applying', 'reported', 'partial'].includes(state) && wholeTenant(desired.scope),
  )
  for (const key of ['tpm', 'rpm', 'maxConcurrent'] as const) {
    const wanted = least([value.base, ...active.map(({ desired }) => blockAware(desired))], key)
    if (value.effective[key] !== wanted) {
      throw new Nonconformity(
        `${reply.place} → effective.${key}`,
        `${wanted}, the least of the base and ${active.length} active throttles`,
        String(value.effective[key]),
      )
    }
  }
}

const wholeTenant = (scope: { models: string[]; endpoints: string[]; keys: string[] }): boolean =>
  scope.models.length + scope.endpoints.length + scope.keys.length === 0

const blockAware = ({ mode, limits: values }: { mode: string; limits: LimitValues }): LimitValues =>
  mode === 'block' ? { tpm: 0, rpm: 0, maxConcurrent: 0 } : values

function least(values: readonly LimitValues[], key: keyof LimitValues): number | null {
  const known = values.map((each) => each[key]).filter((each) => each !== null)
  return known.length === 0 ? null : Math.min(...known)
}

async function etags(session: Session): Promise<void> {
  const { id } = await firstTenant(session)
  const first = (await session.ask('getLimits', { id })).reply
  const second = (await session.ask('getLimits', { id })).reply
  const etag = first.headers['etag']
  if (etag === undefined || !/^(?:W\/)?"[^"]*"$/.test(etag)) {
    throw new Nonconformity(`${first.place} → ETag`, 'an entity tag in quotes', etag ?? 'none')
  }
  if (second.headers['etag'] !== etag) {
    throw new Nonconformity(
      `${second.place} → ETag`,
      `${etag} as a moment before`,
      second.headers['etag'] ?? 'none',
    )
  }
}

async function unknownTenant(session: Session): Promise<void> {
  for (const name of ['getLimits', 'getQuotas', 'listKeys'] as const) {
    await session.refused('not-found', name, { id: 'there-is-no-such-tenant' })
  }
}

async function keys(session: Session): Promise<void> {
  const { id } = await firstTenant(session)
  const { value, reply } = await session.ask('listKeys', { id })
  const ids = new Set(value.keys.map((key) => key.id))
  if (ids.size !== value.keys.length) throw new Nonconformity(reply.place, 'each key once', 'one twice')
}

async function statement(session: Session): Promise<void> {
  if (!capabilitiesOf(session).statements) throw new NotApplicable('The back end gives no statements.')
  const { id } = await firstTenant(session)
  const day = 86_400_000
  const to = Math.floor((session.now() - day) / day) * day
  const { value, reply } = await session.ask('getStatement', {
    id,
    query: { from: text(to - day), to: text(to) },
  })
  const rounding = {
    'half-up': Money.ROUND_HALF_UP,
    'half-even': Money.ROUND_HALF_EVEN,
    down: Money.ROUND_DOWN,
  }[value.rounding]
  let total = new Money(0)
  for (const [i, line] of value.lines.entries()) {
    const amount = priceOf(line.tokens, line.pricePerMegatoken).toDecimalPlaces(value.scale, rounding)
    if (!amount.equals(line.amount)) {
      throw new Nonconformity(`${reply.place} → lines[${i}].amount`, amount.toString(), line.amount)
    }
    total = total.plus(line.amount)
  }
  if (!total.equals(value.total))
    throw new Nonconformity(`${reply.place} → total`, total.toString(), value.total)
}
