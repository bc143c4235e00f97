import type { Placement } from '../factory/placement.ts'
import { BOARDS } from '../factory/boards.ts'
import { gpuOfUnit, type Site } from '../factory/site.ts'
import { createRandom, type Random } from '../factory/random.ts'
import { shapeOf, type Shape } from './shapes.ts'
import { SMALL_TENANTS } from './tail.ts'
import type { StreamSpec } from './types.ts'

/** One client of one deployment, with the calls that it makes. */
export interface Client extends StreamSpec {
  /** Part of the deployment's tokens; the shares of a deployment add up to 1. */
  readonly share: number
  readonly shape: Shape
  /** It began to call so many days before the start; it has no usage before. */
  readonly days: number
}

/** Who else calls a deployment beside the tenant of its namespace, and how many small tenants share the rest. */
interface Guests {
  readonly own: number
  readonly named: readonly (readonly [tenant: string, share: number])[]
  readonly small: number
}

/** A small tenant of the busiest endpoint that can turn into a crowd. */
export const SURGING_TENANT = 'quayside-markets'

/**
 * By namespace and endpoint. Meridian calls what others host as well, which makes it about half of all tokens: in
 * ServeGen's traces the largest client makes 52 % of the requests.
 */
const GUESTS: Readonly<Record<string, Guests>> = {
  'meridian/chat': { own: 0.91, named: [[SURGING_TENANT, 0.008]], small: 14 },
  'helios-dev/code': { own: 0.57, named: [['meridian', 0.24]], small: 12 },
  'lumen-legal/documents': { own: 0.86, named: [], small: 5 },
  'meridian/reasoning': { own: 0.88, named: [['borealis-agents', 0.04]], small: 8 },
  'borealis-agents/agents': { own: 0.6, named: [['meridian', 0.28]], small: 7 },
  'orchid-health/batch': { own: 1, named: [], small: 0 },
  'vega-media/chat': { own: 0.47, named: [['meridian', 0.44]], small: 12 },
  'borealis-agents/tools': { own: 0.5, named: [['meridian', 0.4]], small: 6 },
  'orchid-health/embeddings': {
    own: 0.46,
    named: [
      ['meridian', 0.36],
      ['helios-dev', 0.07],
    ],
    small: 14,
  },
  'kestrel-voice/speech': { own: 0.92, named: [], small: 4 },
  'kestrel-voice/assist': { own: 0.82, named: [], small: 8 },
  'sandbox/notebooks': { own: 0.7, named: [], small: 15 },
}
const ALONE: Guests = { own: 1, named: [], small: 0 }

/** Applications of a large tenant; each has a key of its own. */
const APPLICATIONS = ['web', 'mobile', 'partner', 'internal'] as const
const FOUNDED_DAYS = 2000

/** The clients of every serving deployment, deployment by deployment. The same seed gives the same ones. */
export function listClients(site: Site, placement: Placement, seed: number): Client[] {
  return placement.deployments.flatMap(({ spec }, deployment) => {
    if (spec.kind !== 'serving') return []
    const place = `${spec.tenant}/${spec.endpoint}`
    const random = createRandom(seed, `clients/${place}`)
    const guests = GUESTS[place] ?? ALONE
    const gpuType = gpuTypeOf(site, placement, deployment)
    const client = (tenant: string, application: string, share: number, days: number): Client => ({
      tenant,
      key: `${tenant}-${application}`,
      model: spec.model,
      endpoint: spec.endpoint,
      gpuType,
      deployment,
      share,
      days,
      shape: vary(shapeOf(spec.endpoint), random),
    })
    const large = [[spec.tenant, guests.own] as const, ...guests.named].flatMap(([tenant, share]) =>
      split(APPLICATIONS.length - (tenant === spec.tenant ? 0 : 2), 1.4, random).map((part, i) =>
        client(tenant, APPLICATIONS[i] ?? 'web', share * part, FOUNDED_DAYS),
      ),
    )
    const rest = 1 - large.reduce((sum, { share }) => sum + share, 0)
    const tail = pick(SMALL_TENANTS, guests.small, random)
    const parts = split(tail.length, 1.1, random)
    return [
      ...large,
      ...tail.map((tenant, i) => client(tenant, 'api', rest * (parts[i] ?? 0), ageDays(random))),
    ]
  })
}

/** The board that a deployment runs on; a pool never mixes types. */
export function gpuTypeOf(site: Site, placement: Placement, deployment: number): string {
  const unit = placement.pods.find((pod) => pod.deployment === deployment)?.units[0] ?? -1
  return site.hosts[site.hostOf[gpuOfUnit(site, unit)] ?? -1]?.board.name ?? BOARDS.H100.name
}

/** Heavy-tailed parts that add up to 1, the largest first (Zipf). */
function split(count: number, exponent: number, random: Random): number[] {
  const raw = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent * (0.8 + 0.4 * random.next()))
  const sum = raw.reduce((a, b) => a + b, 0)
  return raw.map((value) => value / sum).toSorted((a, b) => b - a)
}

function pick(names: readonly string[], count: number, random: Random): string[] {
  return names
    .map((name) => ({ name, order: random.next() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ name }) => name)
}

/** Most small tenants are here for longer than a year, some came within the last months. */
function ageDays(random: Random): number {
  return random.next() < 0.35 ? 20 + 300 * random.next() : 400 + 900 * random.next()
}

/** No two clients write prompts alike. */
function vary(shape: Shape, random: Random): Shape {
  const around = (value: number, spread: number) => value * Math.exp(spread * random.normal())
  const ratio = (value: number) => Math.min(0.95, around(value, 0.15))
  return {
    ...shape,
    input: around(shape.input, 0.22),
    output: around(shape.output, 0.2),
    cached: ratio(shape.cached),
    reasoning: ratio(shape.reasoning),
    errors: around(shape.errors, 0.4),
    variation: around(shape.variation, 0.08),
  }
}
