import { CAUSE_TERMS } from './cause.ts'
import { GPU_TERMS } from './gpu.ts'
import { LATENCY_TERMS } from './latency.ts'
import { OBJECTIVE_TERMS } from './objectives.ts'
import { NOISE_TERMS, TENANT_TERMS } from './tenants.ts'
import { THROTTLE_TERMS } from './throttles.ts'
import type { Term } from './term.ts'
import { SEVERITY_TERMS, STATE_TERMS, TRUST_TERMS } from './trust.ts'
import { USAGE_TERMS } from './usage.ts'
import { YIELD_TERMS } from './yield.ts'

/** Every term once, by subject, in the order of the document. */
export const GLOSSARY: readonly {
  readonly title: string
  readonly intro: string
  readonly terms: Readonly<Record<string, Term>>
}[] = [
  {
    title: 'Whether a figure can be believed',
    intro: 'The state of a figure stands in its hover, together with its age and source.',
    terms: { ...STATE_TERMS, ...SEVERITY_TERMS, ...TRUST_TERMS },
  },
  {
    title: 'GPUs',
    intro: 'One field each. Units are those shown; the exporter’s own may differ (`shared/model/field.ts`).',
    terms: GPU_TERMS,
  },
  {
    title: 'Tokens and requests',
    intro: 'Rates are means over the newest minute; totals are exact.',
    terms: USAGE_TERMS,
  },
  { title: 'Latency', intro: 'Of requests that ended in the window shown.', terms: LATENCY_TERMS },
  {
    title: 'Objectives',
    intro: 'Windows are half-open and end where the source’s telling ends.',
    terms: OBJECTIVE_TERMS,
  },
  {
    title: 'Yield and cost',
    intro: 'Assumptions and references are explained in [economics](economics.md).',
    terms: YIELD_TERMS,
  },
  { title: 'Tenants', intro: 'Per tenant, as the metering says.', terms: TENANT_TERMS },
  {
    title: 'Causes of a burn',
    intro: 'How they are found, and how well: [causes](cause.md).',
    terms: CAUSE_TERMS,
  },
  {
    title: 'Throttles',
    intro: 'Three facts, each with its time; see [operating](operating.md#holding-a-tenant-back).',
    terms: THROTTLE_TERMS,
  },
  { title: 'Parts of the noise score', intro: 'Each from 0 to 1.', terms: NOISE_TERMS },
]

/** A term as a hover says it: what it is and how it is computed. Code marks are for the document alone. */
export function explain({ meaning, formula }: Term): string {
  const text = formula === undefined ? meaning : `${meaning} Formula: ${formula}.`
  return text.replaceAll('`', '')
}
