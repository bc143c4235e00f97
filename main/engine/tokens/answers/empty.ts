import { NOISE_PARTS } from '../../../../shared/model/noise.ts'
import { DIMENSIONS } from '../../../../shared/metering/capabilities.ts'
import { DEFAULT_ASSUMPTIONS } from '../../../../shared/model/economics.ts'
import { Refusal } from '../../session/refusal.ts'
import { blankYieldRow, byName, NO_RATES, NO_SERVERS, NO_SHARES, noLatency } from './blank.ts'
import { NO_METERING, originOfNone } from './origin.ts'
import type { TokenWatch } from '../types.ts'
import { textOf } from '../../../../shared/messages/format.ts'

const WINDOW_MS = 60_000
const CURRENCY = 'USD'

/** Tokens before a factory is connected: every answer says that there is none yet, and what to do. */
export function emptyTokenWatch(now: () => number): TokenWatch {
  const origin = () => originOfNone(WINDOW_MS)
  const refuse = async (): Promise<never> => {
    throw new Refusal('failed', NO_METERING.text, NO_METERING.nextStep)
  }
  const noRanking = () => ({ rows: [], others: null, total: 0 })
  const noTenants = {
    at: now(),
    origin: origin(),
    windowMs: WINDOW_MS,
    ids: [],
    names: [],
    states: [],
    tokensPerSecond: [],
    inputPerSecond: [],
    outputPerSecond: [],
    requestsPerSecond: [],
    share: [],
    entitled: [],
    excess: [],
    tpmLimit: [],
    quotaUsed: [],
    exhaustsAt: [],
    rejectedPerSecond: [],
    errorTokensPerSecond: [],
    noise: [],
    noiseParts: byName(NOISE_PARTS, () => []),
  }
  return {
    measuring: { metering: null, served: null, client: null },
    status: () => null,
    overview: () => ({
      at: now(),
      origin: origin(),
      windowMs: WINDOW_MS,
      rates: NO_RATES,
      errorShare: NO_SHARES,
      latency: noLatency('No inference servers are configured.'),
      servers: NO_SERVERS,
      trend: { times: [], input: [], output: [] },
      dimensions: byName(DIMENSIONS, noRanking),
      standIn: null,
      unanswered: [],
    }),
    tenants: () => noTenants,
    sparks: ({ tenants }) => ({ times: [], values: tenants.map(() => []) }),
    tenant: () => null,
    yields: () => ({
      at: now(),
      origin: origin(),
      windowMs: WINDOW_MS,
      currency: CURRENCY,
      rows: [],
      total: blankYieldRow('', [textOf(NO_METERING.text)]),
      unknownTypeShare: null,
      standIn: null,
      capacitySpan: null,
      assumptions: { ...DEFAULT_ASSUMPTIONS },
      measured: { megatokensPerHour: null, pricePerMegatoken: null, soldShare: null },
    }),
    drift: () => ({
      at: now(),
      origin: origin(),
      currency: CURRENCY,
      fromMs: null,
      toMs: null,
      threshold: 0.01,
      total: {
        model: '',
        gpuType: '',
        state: 'unknown',
        severity: 'normal',
        served: null,
        metered: null,
        drift: null,
        driftShare: null,
        driftAmount: null,
        since: null,
        spark: [],
        note: textOf(NO_METERING.text),
      },
      rows: [],
      unjoined: { share: null, servers: [], total: 0 },
      servedSource: '',
      notes: [textOf(NO_METERING.nextStep)],
    }),
    history: refuse,
    totals: refuse,
    latency: refuse,
    keys: refuse,
    workflows: refuse,
    workflow: refuse,
    evidence: refuse,
    metering: null,
    onLimits: () => () => undefined,
    sources: () => [],
    cut: () => undefined,
    close: async () => undefined,
  }
}
