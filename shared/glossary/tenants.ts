import { NOISE_PARTS, NOISE_WEIGHTS, type NoisePart } from '../model/noise.ts'
import { type Term, terms, type Terms } from './term.ts'

/** What was bought, what is left, and who disturbs the others. */
export const TENANT_TERMS = terms({
  share: {
    name: 'Share',
    meaning: 'A tenant’s part of the tokens of all tenants.',
    formula: 'tokens per second of the tenant ÷ those of all tenants',
    unit: '%',
    source: 'the metering (`/v1/usage`)',
  },
  entitlement: {
    name: 'Entitlement',
    meaning: 'The rate that a tenant has bought and may always expect.',
    unit: 'tok/s',
    source: 'the metering (`/v1/tenants`, `entitlement.tokensPerSecond`)',
  },
  excess: {
    name: 'Excess',
    meaning: 'How far a tenant is beyond its entitlement.',
    formula: 'tokens per second − entitlement, at least 0',
    unit: 'tok/s',
    source: 'the metering (`/v1/usage`, `/v1/tenants`)',
  },
  limit: {
    name: 'Limit',
    short: 'TPM, RPM',
    meaning: 'The most tokens or requests a minute, or requests in flight, that the gateway lets through.',
    unit: 'tok/min, req/min',
    source: 'the metering (`/v1/tenants`, `/v1/tenants/{id}/limits`)',
  },
  quota: {
    name: 'Quota',
    meaning: 'Tokens that a tenant may use in a period, such as a month.',
    formula: 'share used = used ÷ limit',
    unit: 'tok, %',
    source: 'the metering (`/v1/tenants/{id}/quotas`)',
  },
  exhaustion: {
    name: 'Time to exhaustion',
    meaning: 'When a quota is used up at the present rate; it lasts where its reset comes first.',
    formula: 'remaining tokens ÷ tokens per second',
    unit: 'min, h, d',
    source: 'quota; tokens per second',
  },
  burnRate: {
    name: 'Burn rate',
    meaning:
      'How fast the error budget of a service objective is used: at 1 it lasts exactly for the period. Coming; no screen shows it yet.',
    formula: 'share of bad requests in a window ÷ (1 − objective)',
    source: 'service objectives; errors and latency',
  },
  noise: {
    name: 'Noise score',
    short: 'Noisy',
    meaning:
      'How much a tenant disturbs the others, 0 to 1. Parts that are not known are left out and their weight is shared among the rest; below half of the weights there is no score.',
    formula: `weighted mean: ${NOISE_PARTS.map((part) => `${NOISE_WEIGHTS[part]} × ${part}`).join(' + ')}`,
    source: 'the five parts below',
  },
})

const METERING = 'the metering (`/v1/usage`)'

/** The parts of the noise score. A part without a term does not compile. */
export const NOISE_TERMS: Terms<NoisePart> = terms<NoisePart>({
  share: noise('Share', 'Its part of the tokens of all tenants', 'an even share', 'half of all tokens'),
  excess: noise(
    'Excess',
    'How far it is beyond its entitlement',
    'the entitlement',
    'four times the entitlement',
    'the metering (`/v1/usage`, `/v1/tenants`)',
  ),
  surge: noise(
    'Surge',
    'How far it is above its own usual rate',
    'its mean of the last quarter of an hour',
    'four times that mean',
  ),
  rejections: noise(
    'Rejections',
    'How many of its requests are refused by limits',
    'none',
    'half of what it asks for',
  ),
  errors: noise(
    'Errors',
    'How many of its tokens go into failed requests',
    'none',
    'a quarter of its tokens',
  ),
})

function noise(name: string, meaning: string, zero: string, one: string, source: string = METERING): Term {
  return { name, meaning: `${meaning}.`, formula: `linear: 0 at ${zero}, 1 at ${one}`, unit: '0–1', source }
}
