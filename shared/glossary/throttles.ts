import { terms } from './term.ts'

const PROOF = '`main/core/throttles`'

/** Holding a tenant back, and how it is known that it is. */
export const THROTTLE_TERMS = terms({
  throttle: {
    name: 'Throttle',
    meaning:
      'A limit that is laid over those of a tenant for a while. It only lowers, it must expire, and its end restores nothing: what lay under it holds again.',
    formula: 'limit in force = the least of the tenant’s own limit and of all its throttles',
    unit: 'tok/min, req/min, requests in flight',
    source: 'Metering API (`/v1/throttles`)',
  },
  stored: {
    name: 'Stored',
    meaning: 'The first fact of a throttle: the metering has accepted it.',
    source: 'the answer to the request, or what is read back',
  },
  reported: {
    name: 'Reported',
    meaning:
      'The second fact: a gateway says that the limit is in force there. It says nothing about the traffic.',
    formula: 'gateways that report the limit, or a tighter one, of all gateways',
    source: 'Metering API (`reported`)',
  },
  observed: {
    name: 'Observed',
    short: 'enforced',
    meaning:
      'The third fact: the traffic obeys. Only with it, and reported by all gateways, is a throttle called enforced.',
    formula:
      'over one minute: rate ≤ 1.1 × limit, and rejections more than three deviations above those of the ten minutes before',
    source: `usage of the metering; ${PROOF}`,
  },
  untested: {
    name: 'In force, untested',
    meaning:
      'All gateways report the throttle, and what is asked for lies below it: it holds nothing back now.',
    source: PROOF,
  },
  disobeyed: {
    name: 'Disobeyed',
    meaning:
      'All gateways report the throttle, and minutes later the rate is still above it. The tenant is not held back.',
    source: PROOF,
  },
  intent: {
    name: 'Intent',
    meaning:
      'What a person decided, on the disk before anything is sent. One without a known outcome is looked for, and never sent again.',
    source: 'the store of the site; the audit',
  },
})
