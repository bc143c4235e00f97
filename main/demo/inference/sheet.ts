import { goFloat } from './floats.ts'
import type { PrintedHistogram } from './histograms.ts'
import type { ServerView } from './view.ts'

export type Labels = Readonly<Record<string, string>>
export type Reading = (view: ServerView) => number

/** One family of an exposition: what its comment lines say, and its samples. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly samples: readonly Sample[]
}

export interface Sample {
  /** The family's name with its ending. */
  readonly name: string
  readonly labels: Labels
  readonly reading: Reading
}

/** Everything that a kind of server prints, ready but for the numbers. */
export interface Sheet {
  render(view: ServerView): string
}

export function createSheet(families: readonly Family[]): Sheet {
  const lines = families.flatMap(({ name, help, type, samples }) => [
    { text: `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`, reading: null },
    ...samples.map((sample) => ({
      text: `${sample.name}${labelText(sample.labels)} `,
      reading: sample.reading,
    })),
  ])
  return {
    render(view) {
      let out = ''
      for (const { text, reading } of lines)
        out += reading === null ? text : `${text}${goFloat(reading(view))}\n`
      return out
    },
  }
}

/** prometheus_client prints labels by name. */
function labelText(labels: Labels): string {
  const names = Object.keys(labels).toSorted()
  if (names.length === 0) return ''
  return `{${names.map((name) => `${name}="${escaped(labels[name] ?? '')}"`).join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

export function gauge(name: string, help: string, labels: Labels, reading: Reading): Family[] {
  return [{ name, help, type: 'gauge', samples: [{ name, labels, reading }] }]
}

/** With `_total` on every line, comments included. */
export function counter(name: string, help: string, rows: readonly (readonly [Labels, Reading])[]): Family[] {
  const full = `${name}_total`
  const samples = rows.map(([labels, reading]) => ({ name: full, labels, reading }))
  return [{ name: full, help, type: 'counter', samples }]
}

/** Whole observations, cumulative, as the text format wants them. */
export function histogram(
  name: string,
  help: string,
  labels: Labels,
  bounds: readonly number[],
  of: (view: ServerView) => PrintedHistogram,
): Family[] {
  const buckets = bounds.map((bound) => ({
    name: `${name}_bucket`,
    labels: { ...labels, le: goFloat(bound) },
    reading: (view: ServerView) => Math.floor(of(view).upTo(bound)),
  }))
  const count: Reading = (view) => Math.floor(of(view).count)
  const samples = [
    ...buckets,
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, reading: count },
    { name: `${name}_count`, labels, reading: count },
    { name: `${name}_sum`, labels, reading: (view: ServerView) => of(view).sum },
  ]
  return [{ name, help, type: 'histogram', samples }]
}

/**
 * When each series began, as a family of gauges behind the one that it belongs to: prometheus_client prints these
 * unless it is told not to. Registering takes a few microseconds per family.
 */
export function withCreated(families: readonly Family[]): Family[] {
  return families.flatMap((family, order) => {
    if (family.type === 'gauge' || family.samples.length === 0) return [family]
    const name = `${family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name}_created`
    const distinct = new Map(
      family.samples.map(({ labels }) => {
        const own = Object.entries(labels).filter(([label]) => label !== 'le')
        return [JSON.stringify(own), Object.fromEntries(own)]
      }),
    )
    const samples = [...distinct.values()].map((labels, row) => ({
      name,
      labels,
      reading: (view: ServerView) => view.startedAt + STARTUP_SECONDS + order * 41e-6 + row * 9e-6,
    }))
    return [family, { name, help: family.help, type: 'gauge', samples }]
  })
}

/** From the start of the process until the engine is ready and registers its metrics. */
const STARTUP_SECONDS = 76.7
