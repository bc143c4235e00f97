import { type Message, message, withTexts } from '../messages/message.ts'
import type { Feed, SourceHealth } from '../model/source.ts'
import type { Finding, FleetEvent } from '../model/finding.ts'
import { NOISE_PARTS, type NoisePartValues, scoreOf } from '../model/noise.ts'
import type { Topology } from '../model/topology.ts'
import type { ConsoleStatus } from './console.ts'
import type { GpuDetail, History, HostDetail } from './fleet.ts'
import type { TenantsItem } from './tenants.ts'
import type {
  BucketTotals,
  LatencyHistory,
  Drift,
  StandIn,
  TokenOrigin,
  TokensHistory,
  TokensOverview,
  Yield,
  YieldRow,
} from './tokens.ts'

/**
 * What is taken out of items before a wall gets them. A wall tells how the floor and its tokens are; where things lie
 * (paths, addresses, names of variables), what they cost, and what was agreed with a tenant is for consoles.
 */

/** Stands in the place of words that only a console shows. */
const AT_A_CONSOLE = 'A console tells more.'
const ASK_A_CONSOLE = message('walls.console')

const NO_PRICES = 'A wall shows no prices.'

const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi
/** What a path can begin with: a root, a home, a folder above, a drive or a share. */
const START = String.raw`(?:[a-z]:[\\/]|\\\\|(?:~|\.{1,2})?\/)`
/** Between quotes or brackets a path may hold spaces. */
const ENCLOSED = new RegExp(
  String.raw`(["'${'`'}])${START}[^"'${'`'}\n]+\1|\[${START}[^\]\n]+\]|<${START}[^>\n]+>`,
  'gi',
)
const SHARE = /\\\\[^\s"'`<>]+/g
const WINDOWS_PATH = /\b[a-z]:\\[^\s"'<>]*/gi
const PATH = /(^|[\s"'`(=:,[<{|;])(?:~|\.{1,2})?\/(?:\\ |[^\s"'`<>\]])*[^\s"'`<>.,;:)\]]/g
/** Of a relative path only the ending of a file tells it from "tok/s" and from a model's name. */
const RELATIVE = /(?<![\w.-])(?:[\w.-]+[\\/])+[\w.-]*\.[a-z]{1,5}(?![\w-])/gi
const HOST_PORT = /\[[0-9a-f:]+\]:\d{1,5}\b|(?<![\w.-])[a-z0-9][\w.-]*:\d{2,5}(?![\w.]*\w)/gi
/** "12:30", and what stands before the minutes of an ISO time. */
const TIME = /^(?:\d{4}-\d{2}-\d{2}T)?\d{1,2}:/
const VARIABLES = /\b(variables?) (["'`]?)[A-Za-z_]\w*\2((?:(?:,| and| or) [A-Z_][A-Z0-9_]*\b)*)/g
const REFERENCE = /\$\{?[A-Za-z_]\w*\}?/g
const SECRET_NAME = /\b[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:TOKEN|SECRET|PASSWORD|KEY)\b/g

/** A text of a source without the places in it: it still tells what happened. */
export function withoutPlaces(text: string): string {
  return text
    .replace(ADDRESS, '(address)')
    .replace(ENCLOSED, (all) => `${all.charAt(0)}(file)${all.slice(-1)}`)
    .replace(SHARE, '(file)')
    .replace(WINDOWS_PATH, '(file)')
    .replace(PATH, (_, before: string) => `${before}(file)`)
    .replace(RELATIVE, '(file)')
    .replace(HOST_PORT, (all) => (TIME.test(all) ? all : '(address)'))
    .replace(
      VARIABLES,
      (_, word: string, __, more: string) => `${word} (name)${more === '' ? '' : ' and others'}`,
    )
    .replace(REFERENCE, '(name)')
    .replace(SECRET_NAME, '(name)')
}

/** Values that name a place by themselves, without the words around them: by the name of their parameter. */
const PLACES = [
  [/address$/i, 'walls.address'],
  [/path$/i, 'walls.file'],
  [/variable$/i, 'walls.name'],
] as const

/**
 * A message without the places among its values. A parameter that is called `…address`, `…path` or `…variable` holds a
 * place and nothing else, and is taken out whole; of every other value what looks like a place is.
 */
export function messageWithoutPlaces(told: Message): Message {
  return withTexts(told, (text, parameter) => {
    const place = PLACES.find(([name]) => name.test(parameter))
    return place === undefined ? withoutPlaces(text) : message(place[1])
  })
}

function told(texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [AT_A_CONSOLE]
}

function feed(item: Feed): Feed {
  return { ...item, reason: withoutPlaces(item.reason) }
}

export function status(item: ConsoleStatus): ConsoleStatus {
  const partial = item.partial === null ? null : messageWithoutPlaces(item.partial)
  const { tokens } = item
  const drift = tokens && { ...tokens.drift, text: withoutPlaces(tokens.drift.text) }
  return {
    ...item,
    feed: feed(item.feed),
    partial,
    tokens: tokens && drift && { ...tokens, drift },
    configPath: null,
    configChange: null,
  }
}

export function sources<T extends { feed: Feed; sources: SourceHealth[] }>(item: T): T {
  return { ...item, feed: feed(item.feed), sources: item.sources.map(source) }
}

/** Named by its place in the list where its name is an address, as its id may be. */
function source(health: SourceHealth, index: number): SourceHealth {
  const id = `${health.kind} ${index + 1}`
  const name = withoutPlaces(health.name)
  return {
    ...health,
    id,
    name: name.includes(' ') || name === health.name ? name : id,
    address: '',
    error: health.error === null ? null : { ...health.error, text: AT_A_CONSOLE, nextStep: '' },
    warnings: told(health.warnings),
    doubts: health.doubts.map((doubt) => ({
      ...doubt,
      what: messageWithoutPlaces(doubt.what),
      by: null,
      nextStep: ASK_A_CONSOLE,
    })),
  }
}

/** What is abnormal of a GPU is told whole; what is wrong with a source names files, addresses and settings. */
export function finding(item: Finding): Finding {
  if (item.kind !== 'source') return item
  const { source: _, ...named } = item
  return {
    ...named,
    what: messageWithoutPlaces(item.what),
    where: withoutPlaces(item.where),
    by: null,
    nextStep: ASK_A_CONSOLE,
  }
}

export function findings<T extends { findings: Finding[]; events: FleetEvent[] }>(item: T): T {
  const events = item.events.map((event) => ({
    ...event,
    where: withoutPlaces(event.where),
    text: messageWithoutPlaces(event.text),
  }))
  return { ...item, findings: item.findings.map(finding), events }
}

/** Versions of drivers are told at a console. */
export function topology(item: Topology): Topology {
  return { ...item, descriptions: item.descriptions.map(() => '') }
}

export function gpu(item: GpuDetail | null): GpuDetail | null {
  return item && { ...item, labels: [], origin: AT_A_CONSOLE, findings: item.findings.map(finding) }
}

export function host(item: HostDetail | null): HostDetail | null {
  return item && { ...item, origin: AT_A_CONSOLE, findings: item.findings.map(finding) }
}

export function history(item: History): History {
  return { ...item, warnings: told(item.warnings) }
}

function origin(item: TokenOrigin): TokenOrigin {
  return {
    ...item,
    name: item.state === 'none' ? item.name : 'Metering',
    text: item.text && messageWithoutPlaces(item.text),
    nextStep: item.nextStep && ASK_A_CONSOLE,
    missing: item.missing.map(withoutPlaces),
    lacks: item.lacks.map((lack) => ({ ...lack, text: messageWithoutPlaces(lack.text) })),
    corrections: item.corrections.map((correction) => ({
      ...correction,
      text: messageWithoutPlaces(correction.text),
    })),
  }
}

function standIn<T extends StandIn>(item: T | null): T | null {
  return (
    item && {
      ...item,
      why: messageWithoutPlaces(item.why),
      unjoined: { ...item.unjoined, servers: [] },
      notes: item.notes.map(messageWithoutPlaces),
    }
  )
}

export function overview(item: TokensOverview): TokensOverview {
  return {
    ...item,
    origin: origin(item.origin),
    latency: { ...item.latency, note: withoutPlaces(item.latency.note) },
    servers: { ...item.servers, notes: item.servers.notes.map(withoutPlaces) },
    standIn: standIn(item.standIn),
    unanswered: item.unanswered.map(({ what, text }) => ({ what, text: messageWithoutPlaces(text) })),
  }
}

export function tokensHistory(item: TokensHistory): TokensHistory {
  return {
    ...item,
    origin: origin(item.origin),
    standIn: standIn(item.standIn),
    warnings: item.warnings.map(withoutPlaces),
  }
}

export function totals(item: BucketTotals): BucketTotals {
  return { ...item, origin: origin(item.origin), warnings: item.warnings.map(withoutPlaces) }
}

export function latency(item: LatencyHistory): LatencyHistory {
  return { ...item, warnings: item.warnings.map(withoutPlaces) }
}

/** What a tenant used over time is what its bill is made of. */
export function refusesTenants(question: {
  groupBy: string | null
  filters: { tenant?: unknown }
}): Message | null {
  if (question.groupBy !== 'tenant' && question.filters.tenant === undefined) return null
  return message('refusal.wall.tenants')
}

/** The overview of one tenant is its usage, split by what it used. */
export function refusesTenantFilter({ filters }: { filters: { tenant?: unknown } }): Message | null {
  return filters.tenant === undefined ? null : message('refusal.wall.tenant')
}

/** A wall shows what a GPU-hour makes, and no price. */
export function yields(item: Yield): Yield {
  return {
    ...item,
    origin: origin(item.origin),
    rows: item.rows.map(yieldRow),
    total: yieldRow(item.total),
    standIn: standIn(item.standIn),
    assumptions: null,
    measured: { ...item.measured, pricePerMegatoken: null, soldShare: null },
  }
}

function yieldRow(row: YieldRow): YieldRow {
  return {
    ...row,
    costPerGpuHour: null,
    costPerMegatoken: null,
    spendPerMegatoken: null,
    tokensPerCostDollar: null,
    tokensPerSpendDollar: null,
    notes: [NO_PRICES, ...row.notes.map(withoutPlaces)],
  }
}

export function drift(item: Drift): Drift {
  const row = (before: Drift['total']) => {
    const note = before.driftAmount === null ? before.note : `${before.note} ${NO_PRICES}`.trim()
    return { ...before, driftAmount: null, note: withoutPlaces(note) }
  }
  return {
    ...item,
    origin: origin(item.origin),
    total: row(item.total),
    rows: item.rows.map(row),
    unjoined: { ...item.unjoined, servers: [] },
    notes: item.notes.map(withoutPlaces),
  }
}

const NOT_AGREEMENTS = message('walls.agreements')

/** Who uses how much; what was bought, and how much of it is left, is between the tenant and the factory. */
export function tenants(item: TenantsItem): TenantsItem {
  const hidden = item.ids.map(() => null)
  const shown = origin(item.origin)
  // Said as what the origin lacks, because a figure that is merely null reads as "none was agreed".
  const lacks = ['tenants', 'limits', 'quotas'].map((what) => ({ what, text: NOT_AGREEMENTS }))
  return {
    ...item,
    origin: { ...shown, lacks: [...lacks, ...shown.lacks] },
    entitled: hidden,
    excess: hidden,
    tpmLimit: hidden,
    quotaUsed: hidden,
    exhaustsAt: hidden,
    // The score and four of its parts would tell the fifth one.
    noise: item.ids.map((_, at) => scoreOf(withoutExcess(item.noiseParts, at))),
    noiseParts: { ...item.noiseParts, excess: hidden },
  }
}

function withoutExcess(parts: TenantsItem['noiseParts'], at: number): NoisePartValues {
  const entries = NOISE_PARTS.map((part) => [part, part === 'excess' ? null : (parts[part][at] ?? null)])
  return Object.fromEntries(entries) as NoisePartValues
}
