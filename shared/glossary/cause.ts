import { terms } from './term.ts'

/** Why an objective burns, and who is to blame. */
export const CAUSE_TERMS = terms({
  suffers: {
    name: 'Who suffers',
    meaning:
      'Tenants by their share of the bad events since the burn began. The largest victim is seldom the culprit.',
    formula: 'bad events of the tenant ÷ bad events of all',
    unit: '%',
    source: 'the events of the objective, where its source distinguishes tenants',
  },
  causes: {
    name: 'Who causes',
    meaning:
      'Tenants whose load on the same servers has an excess that began before the burn; those one would suspect stand there with what clears them.',
    source: 'the metering’s usage per minute, and what the servers count themselves',
  },
  excess: {
    name: 'Excess',
    meaning:
      'What a tenant uses on the servers concerned beyond its own usual load and bursts, beyond what all tenants grew by, and beyond its entitlement.',
    formula: 'load since the onset − the largest of these; shares are weighed by work',
    unit: 'tok/min',
    source: 'the metering’s usage per minute',
  },
  onset: {
    name: 'Onset',
    meaning: 'The first minute of the bad time, or of the rise of a load, that lasts until now.',
    source: 'the minutes of the objective, or of the metering',
  },
})
