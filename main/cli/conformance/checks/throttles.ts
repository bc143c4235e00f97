import { randomUUID } from 'node:crypto'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import { capabilitiesOf, text } from '../ranges.ts'
import type { Area } from '../check.ts'
import { problemOf, type Reply } from '../reply.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable } from '../verdict.ts'

/**
 * These write: they lay a short throttle over one tenant that the person named with --write, and take it off again. The
 * cap stays just under the base limit and lasts two minutes, so that hardly anybody feels it.
 */
export const throttleChecks: Area = {
  title: 'Throttles',
  checks: [
    { title: 'a preview changes nothing', run: preview },
    { title: 'writing without Idempotency-Key or If-Match is refused with 428', run: preconditions },
    { title: 'writing on a stale ETag is refused with 412', run: stale },
    { title: 'a throttle above the base limit is refused with 422', run: aboveBase },
    { title: 'a throttle without an end, or with one too far off, is refused', run: unending },
    {
      title: 'the same key and body give the same throttle; another body is refused with 409',
      run: idempotency,
    },
    { title: 'a throttle lowers the effective limits and a release gives them back', run: overlay },
    { title: 'an extension moves the end and makes what was read before stale', run: extension },
    { title: 'a throttle is found again by its Idempotency-Key', run: foundByKey },
    { title: 'a tightening lowers; one that raises is refused', run: tightening },
    { title: 'a throttle ends by itself, and the limits are what they were', run: expiry },
    { title: 'what was done stands in the audit', run: audited },
  ],
}

/** Of the throttle that is left to end by itself, and how long after its end that may take to be seen. */
const SHORTEST_SECONDS = 4
const EXPIRY_GRACE_MS = 30_000
const POLL_MS = 500

type Wanted = Awaited<ReturnType<typeof prepare>>

/** Everything of a throttle that may be created as it is. */
async function prepare(session: Session) {
  const tenant = session.options.writeTenant
  const { throttle } = capabilitiesOf(session)
  if (throttle === null) throw new NotApplicable('The back end enforces nothing.')
  if (tenant === null) throw new NotApplicable('Reading only; --write TENANT tries throttles on that tenant.')
  const { value: limits, reply } = await session.ask('getLimits', { id: tenant })
  const base = limits.base.tpm ?? 1_000_000_000
  const body = {
    tenantId: tenant,
    scope: { models: [], endpoints: [], keys: [] },
    mode: 'cap',
    limits: { tpm: Math.max(1, base - 1), rpm: null, maxConcurrent: null },
  }
  const previewed = (await session.ask('previewThrottle', { body })).value
  return {
    tenant,
    limits,
    etag: reply.headers['etag'] ?? '',
    previewed,
    body: {
      ...body,
      reason: 'Conformance test of the Metering API',
      incidentId: null,
      expiresAt: text(Math.ceil(session.now() / 1000) * 1000 + 120_000),
      previewToken: previewed.previewToken,
    },
  }
}

function writeHeaders(wanted: Wanted): { 'idempotency-key': string; 'if-match': string } {
  return { 'idempotency-key': randomUUID(), 'if-match': wanted.etag }
}

async function create(session: Session, wanted: Wanted, headers = writeHeaders(wanted)) {
  return session.ask('createThrottle', { body: wanted.body, headers })
}

/** Whatever happened before, nothing stays behind. */
async function release(session: Session, id: string): Promise<AnswerOf<'releaseThrottle'>> {
  const { reply } = await session.ask('getThrottle', { id })
  const headers = { 'idempotency-key': randomUUID(), 'if-match': reply.headers['etag'] ?? '' }
  return (await session.ask('releaseThrottle', { id, headers })).value
}

async function preview(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { value, reply } = await session.ask('getLimits', { id: wanted.tenant })
  if (JSON.stringify(value.effective) !== JSON.stringify(wanted.limits.effective)) {
    throw new Nonconformity(
      `${reply.place} after a preview → effective`,
      `${JSON.stringify(wanted.limits.effective)} as before it`,
      JSON.stringify(value.effective),
    )
  }
}

async function preconditions(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { 'idempotency-key': key, 'if-match': match } = writeHeaders(wanted)
  await session.refused('precondition-required', 'createThrottle', {
    body: wanted.body,
    headers: { 'if-match': match },
  })
  await session.refused('precondition-required', 'createThrottle', {
    body: wanted.body,
    headers: { 'idempotency-key': key },
  })
}

async function stale(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const headers = { ...writeHeaders(wanted), 'if-match': '"of-another-day"' }
  await refusedOrReleased(session, 'stale', wanted.body, headers)
}

async function aboveBase(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const base = wanted.limits.base.tpm
  if (base === null) throw new NotApplicable(`Tenant "${wanted.tenant}" has no limit on tokens per minute.`)
  const body = { ...wanted.body, limits: { ...wanted.body.limits, tpm: base + 1 } }
  await refusedOrReleased(session, 'above-base', body, writeHeaders(wanted))
}

async function unending(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { expiresAt: _, ...endless } = wanted.body
  await refusedOrReleased(session, 'invalid-request', endless, writeHeaders(wanted))
  const seconds = capabilitiesOf(session).throttle?.maxDurationSeconds ?? 0
  const late = { ...wanted.body, expiresAt: text(Math.ceil(session.now() / 1000 + seconds + 3600) * 1000) }
  await refusedOrReleased(session, 'invalid-request', late, writeHeaders(wanted))
  const over = { ...wanted.body, expiresAt: text(Math.floor(session.now() / 1000 - 60) * 1000) }
  await refusedOrReleased(session, 'invalid-request', over, writeHeaders(wanted))
}

/** A server that takes what it has to refuse must not be left throttled by the test. */
async function refusedOrReleased(
  session: Session,
  type: 'stale' | 'above-base' | 'invalid-request',
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const reply = await session.call('createThrottle', { body, headers })
  if (reply.status < 300) {
    const id = idIn(reply.text)
    if (id !== null) await release(session, id)
    throw new Nonconformity(
      reply.place,
      `a refusal (${type})`,
      `HTTP ${reply.status}: the throttle was taken`,
    )
  }
  problemOf(reply, type)
}

function idIn(text: string): string | null {
  try {
    const { id } = JSON.parse(text) as { id?: unknown }
    return typeof id === 'string' ? id : null
  } catch {
    return null
  }
}

async function idempotency(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const headers = writeHeaders(wanted)
  const { value: first } = await create(session, wanted, headers)
  try {
    const { value: again } = await create(session, wanted, headers)
    if (again.id !== first.id) {
      await release(session, again.id)
      throw new Nonconformity(
        'POST /v1/throttles again with the same Idempotency-Key → id',
        `"${first.id}" as the first time`,
        `"${again.id}": a second throttle was laid`,
      )
    }
    const body = { ...wanted.body, reason: `${wanted.body.reason}, another body` }
    await session.refused('idempotency-conflict', 'createThrottle', { body, headers })
  } finally {
    await release(session, first.id)
  }
}

async function overlay(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { value: created } = await create(session, wanted)
  let open = true
  try {
    if (created.state === 'pending_approval') throw new NotApplicable('This cut needs a second person.')
    const during = await session.ask('getLimits', { id: wanted.tenant })
    const least = Math.min(
      ...[wanted.limits.effective.tpm, wanted.body.limits.tpm].filter((tpm) => tpm !== null),
    )
    expectTpm(`${during.reply.place} under the throttle`, during.value, least)
    if (during.reply.headers['etag'] === wanted.etag) {
      throw new Nonconformity(`${during.reply.place} under the throttle → ETag`, 'a new one', wanted.etag)
    }
    const after = await release(session, created.id)
    open = false
    if (after.state !== 'released') {
      throw new Nonconformity(`DELETE /v1/throttles/${created.id} → state`, 'released', after.state)
    }
    const { value, reply } = await session.ask('getLimits', { id: wanted.tenant })
    expectTpm(`${reply.place} after the release`, value, wanted.limits.effective.tpm)
  } finally {
    if (open) await release(session, created.id)
  }
}

async function extension(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { value: created, reply } = await create(session, wanted)
  try {
    const etag = reply.headers['etag'] ?? ''
    const expiresAt = text(Date.parse(created.expiresAt) + 60_000)
    const body = { expiresAt, reason: wanted.body.reason }
    const extended = await session.ask('extendThrottle', {
      id: created.id,
      body,
      headers: { 'idempotency-key': randomUUID(), 'if-match': etag },
    })
    if (Date.parse(extended.value.expiresAt) !== Date.parse(expiresAt)) {
      throw new Nonconformity(`${extended.reply.place} → expiresAt`, expiresAt, extended.value.expiresAt)
    }
    if (extended.value.version <= created.version) {
      throw new Nonconformity(
        `${extended.reply.place} → version`,
        `more than ${created.version}`,
        String(extended.value.version),
      )
    }
    await session.refused('stale', 'extendThrottle', {
      id: created.id,
      body: { ...body, expiresAt: text(Date.parse(expiresAt) + 60_000) },
      headers: { 'idempotency-key': randomUUID(), 'if-match': etag },
    })
  } finally {
    await release(session, created.id)
  }
}

/** Whoever never got the answer asks by the key what became of the call. */
async function foundByKey(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const headers = writeHeaders(wanted)
  const idempotencyKey = headers['idempotency-key']
  const before = await session.ask('listThrottles', { query: { idempotencyKey } })
  expectIds(before, [])
  const { value: created } = await create(session, wanted, headers)
  try {
    if (created.idempotencyKey !== idempotencyKey) {
      throw new Nonconformity(
        'POST /v1/throttles → idempotencyKey',
        idempotencyKey,
        String(created.idempotencyKey),
      )
    }
    expectIds(await session.ask('listThrottles', { query: { idempotencyKey } }), [created.id])
  } finally {
    await release(session, created.id)
  }
}

function expectIds(
  { value, reply }: { value: AnswerOf<'listThrottles'>; reply: Reply },
  ids: readonly string[],
): void {
  const found = value.throttles.map(({ id }) => id).join(', ')
  if (found === ids.join(', ')) return
  throw new Nonconformity(`${reply.place} → throttles`, ids.join(', ') || 'none', found || 'none')
}

async function tightening(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { value: created, reply } = await create(session, wanted)
  try {
    if (created.state === 'pending_approval') throw new NotApplicable('This cut needs a second person.')
    const tpm = wanted.body.limits.tpm - 1
    if (tpm < 0) throw new NotApplicable('The limit of the tenant leaves nothing to lower.')
    const { tenantId, scope, mode } = wanted.body
    const previewTokenFor = async (limits: object) =>
      (await session.ask('previewThrottle', { body: { tenantId, scope, mode, limits } })).value.previewToken
    const ask = async (etag: string, limits: { tpm: number }) => ({
      id: created.id,
      body: { limits, reason: wanted.body.reason, previewToken: await previewTokenFor(limits) },
      headers: { 'idempotency-key': randomUUID(), 'if-match': etag },
    })
    const etag = reply.headers['etag'] ?? ''
    const lower = await session.ask('tightenThrottle', await ask(etag, { tpm }))
    const { desired, version } = lower.value
    if (desired.limits.tpm !== tpm) {
      throw new Nonconformity(
        `${lower.reply.place} → desired.limits.tpm`,
        String(tpm),
        String(desired.limits.tpm),
      )
    }
    if (version <= created.version) {
      throw new Nonconformity(
        `${lower.reply.place} → version`,
        `more than ${created.version}`,
        String(version),
      )
    }
    await session.refused('stale', 'tightenThrottle', await ask(etag, { tpm }))
    const higher = await ask(lower.reply.headers['etag'] ?? '', { tpm: tpm + 1 })
    await session.refused('above-base', 'tightenThrottle', higher)
  } finally {
    await release(session, created.id)
  }
}

async function expiry(session: Session): Promise<void> {
  const begunMs = session.now()
  const wanted = await prepare(session)
  if (capabilitiesOf(session).throttle?.serverExpiry !== true) {
    throw new NotApplicable('The back end says that it ends no throttle by itself.')
  }
  // A slow server took long to prepare, too: the end must still lie ahead when it reads the request.
  const askingSeconds = (session.now() - begunMs) / 1000
  const endMs = Math.ceil(session.now() / 1000 + Math.max(SHORTEST_SECONDS, 2 * askingSeconds)) * 1000
  const short = { ...wanted, body: { ...wanted.body, expiresAt: text(endMs) } }
  const { value: created } = await create(session, short)
  let open = true
  try {
    for (;;) {
      const { value, reply } = await session.ask('getThrottle', { id: created.id })
      if (value.state === 'expired') break
      if (session.now() > endMs + EXPIRY_GRACE_MS) {
        throw new Nonconformity(
          `${reply.place} → state`,
          `expired, ${EXPIRY_GRACE_MS / 1000} s after its end`,
          value.state,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    open = false
    const { value, reply } = await session.ask('getLimits', { id: wanted.tenant })
    expectTpm(`${reply.place} after the throttle has expired`, value, wanted.limits.effective.tpm)
  } finally {
    if (open) await release(session, created.id)
  }
}

function expectTpm(place: string, limits: AnswerOf<'getLimits'>, expected: number | null): void {
  if (limits.effective.tpm === expected) return
  throw new Nonconformity(`${place} → effective.tpm`, String(expected), String(limits.effective.tpm))
}

async function audited(session: Session): Promise<void> {
  const wanted = await prepare(session)
  const { value: before } = await session.ask('getCheckpoint')
  const { value: created } = await create(session, wanted)
  await release(session, created.id)
  const { value } = await session.ask('listAudit', { query: { afterSeq: String(before.seq) } })
  if (!value.entries.some(({ target }) => target.includes(created.id))) {
    throw new Nonconformity(
      'GET /v1/audit',
      `entries on throttle ${created.id}`,
      `${value.entries.length} entries, none on it`,
    )
  }
}
