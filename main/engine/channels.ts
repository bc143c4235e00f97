import { COMMANDS, STREAMS } from '../../shared/contract/contract.ts'
import type { ConsoleStatus } from '../../shared/contract/console.ts'
import type { SourceHealth } from '../../shared/model/source.ts'
import type { Audit } from '../audit/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Access } from './access/access.ts'
import { accessCommandChannels, accessStreamChannels } from './access/channels.ts'
import { auditChannels } from './audit/channels.ts'
import { throttleCommandChannels, throttleStreamChannels } from './throttles/channels.ts'
import {
  actingPerson,
  bindCommand,
  bindFrameStream,
  bindStream,
  type Caller,
  type Channels,
  type OutputChecks,
  type Role,
} from './session/bind.ts'
import { incidentCommandHandlers, incidentStreamReaders } from './incidents/channels.ts'
import type { IncidentWatch } from './incidents/watch.ts'
import type { ConfigChanges } from './setup/changes.ts'
import type { Setup } from './setup/setup.ts'
import type { Site } from './site/types.ts'
import type { Message } from '../../shared/messages/message.ts'

/** What the channels read; `site` is asked again every time, because a reconfiguration replaces it. */
export interface ChannelSource {
  readonly site: () => Site
  readonly incidents: () => IncidentWatch
  /** The number of the current cut, for frames. */
  readonly sequence: () => number
  readonly wall: () => number
  readonly version: string
  readonly startedAt: number
  readonly setup: Setup
  /** Whether the setup takes anything from a console now. */
  readonly setupState: () => ConsoleStatus['setup']
  readonly changes: Pick<ConfigChanges, 'offer' | 'apply'>
  readonly access: Access
  readonly audit: Audit
  readonly clock: Clock
  /** Something that every screen shows has changed. */
  readonly onNews: () => void
}

/** Items between which a screen cannot tell a difference are not worth encoding: shortest times, ms. */
const EVERY = {
  cut: 0,
  status: 450,
  findings: 450,
  health: 1_950,
  tokens: 950,
  tenants: 1_950,
  drift: 1_950,
  slo: 950,
} as const

/** Every channel of the contract and how the engine answers it. */
export function createChannels(source: ChannelSource, checks: OutputChecks): Channels {
  const fleet = () => source.site().fleet
  const tokens = () => source.site().tokens
  /** Kept before it is done, in the audit of the site that is watched; a first setup has none yet. */
  const note = (action: string, target: string, caller: Caller) => {
    if (source.site().config === null) return
    const actor = { ...actingPerson(caller) }
    source.audit.append({ actor, origin: caller.origin.console, action, target })
  }
  return {
    commands: {
      ...accessCommandChannels(source.access, source.onNews),
      ...throttleCommandChannels(() => source.site().throttles),
      ...auditChannels({
        audit: source.audit,
        store: () => source.site().store,
        clock: source.clock,
        siteName: () => source.site().config?.site.name ?? '',
      }),
      'fleet.history': bindCommand(COMMANDS['fleet.history'], (question, { signal }) =>
        source.site().history(question, signal),
      ),
      'fleet.trend': bindCommand(COMMANDS['fleet.trend'], async () => source.site().trend()),
      'fleet.dismissHost': bindCommand(COMMANDS['fleet.dismissHost'], async ({ host }) => {
        source.site().dismissHost(host)
        return {}
      }),
      'tokens.history': bindCommand(COMMANDS['tokens.history'], (question, { signal }) =>
        tokens().history(question, signal),
      ),
      'tokens.totals': bindCommand(COMMANDS['tokens.totals'], (question, { signal }) =>
        tokens().totals(question, signal),
      ),
      'tokens.latency': bindCommand(COMMANDS['tokens.latency'], (question, { signal }) =>
        tokens().latency(question, signal),
      ),
      'tokens.keys': bindCommand(COMMANDS['tokens.keys'], (question, { signal }) =>
        tokens().keys(question, signal),
      ),
      'tokens.workflows': bindCommand(COMMANDS['tokens.workflows'], (question, { signal }) =>
        tokens().workflows(question, signal),
      ),
      'tokens.workflow': bindCommand(COMMANDS['tokens.workflow'], (question, { signal }) =>
        tokens().workflow(question, signal),
      ),
      'tokens.evidence': bindCommand(COMMANDS['tokens.evidence'], (question, { signal }) =>
        tokens().evidence(question, signal),
      ),
      ...incidentCommandHandlers(source.incidents, source.audit),
      'slo.history': bindCommand(COMMANDS['slo.history'], async (question) =>
        source.site().slo.history(question),
      ),
      'config.apply': bindCommand(COMMANDS['config.apply'], async ({ digest }, caller) => {
        note('config.apply', source.site().config?.path ?? 'configuration', caller)
        await source.changes.apply(digest)
        return {}
      }),
      'setup.test': bindCommand(COMMANDS['setup.test'], (probe, { signal }) =>
        source.setup.test(probe, signal),
      ),
      'setup.save': bindCommand(COMMANDS['setup.save'], (draft, caller) => {
        note('setup.save', draft.site.name, caller)
        return source.setup.save(draft)
      }),
      'setup.demo': bindCommand(COMMANDS['setup.demo'], async (_, caller) => {
        note('setup.demo', 'demo factory', caller)
        await source.setup.demo()
        return {}
      }),
    },
    streams: {
      ...accessStreamChannels(source.access, checks),
      ...throttleStreamChannels(() => source.site().throttles, checks),
      ...incidentStreamReaders(source.incidents, checks),
      'console.status': bindStream(STREAMS['console.status'], checks, {
        everyMs: EVERY.status,
        perRole: true,
        read: (_, role) => statusOf(source, role),
      }),
      'sources.health': bindStream(STREAMS['sources.health'], checks, {
        everyMs: EVERY.health,
        read: () => ({ at: source.wall(), feed: source.site().feed(), sources: source.site().sources() }),
      }),
      'fleet.topology': bindStream(STREAMS['fleet.topology'], checks, {
        everyMs: EVERY.cut,
        read: () => fleet().topology(),
        fingerprint: (topology) => topology,
      }),
      'fleet.frame': bindFrameStream(STREAMS['fleet.frame'], {
        everyMs: EVERY.cut,
        read: ({ fields }) => ({ ...fleet().frame([...new Set(fields)]), sequence: source.sequence() }),
      }),
      'fleet.findings': bindStream(STREAMS['fleet.findings'], checks, {
        everyMs: EVERY.findings,
        read: () => ({
          topologyVersion: fleet().topology().version,
          at: source.wall(),
          ...source.site().findings(),
          events: [...fleet().events()],
        }),
        fingerprint: (item) => JSON.stringify({ ...item, at: 0 }),
      }),
      'fleet.gpu': bindStream(STREAMS['fleet.gpu'], checks, {
        everyMs: EVERY.cut,
        read: ({ host, slot }) => fleet().gpu(host, slot),
        fingerprint: JSON.stringify,
      }),
      'fleet.host': bindStream(STREAMS['fleet.host'], checks, {
        everyMs: EVERY.cut,
        read: ({ host }) => fleet().host(host),
        fingerprint: JSON.stringify,
      }),
      'tokens.overview': bindStream(STREAMS['tokens.overview'], checks, {
        everyMs: EVERY.tokens,
        read: (params) => tokens().overview(params),
        fingerprint: withoutTime,
      }),
      'tokens.yield': bindStream(STREAMS['tokens.yield'], checks, {
        everyMs: EVERY.tokens,
        read: () => tokens().yields(),
        fingerprint: withoutTime,
      }),
      'tokens.drift': bindStream(STREAMS['tokens.drift'], checks, {
        everyMs: EVERY.drift,
        read: () => tokens().drift(),
        fingerprint: withoutTime,
      }),
      'tokens.tenants': bindStream(STREAMS['tokens.tenants'], checks, {
        everyMs: EVERY.tenants,
        read: () => tokens().tenants(),
        // The same object until a tenant's figures change: a print of 10,000 rows would cost as much as sending them.
        fingerprint: (item) => item,
      }),
      'slo.states': bindStream(STREAMS['slo.states'], checks, {
        everyMs: EVERY.slo,
        read: () => source.site().slo.item(),
        fingerprint: withoutTime,
      }),
      'slo.cause': bindStream(STREAMS['slo.cause'], checks, {
        everyMs: EVERY.slo,
        read: ({ objectiveId }) => source.site().causes.read(objectiveId),
        // The same object until it is looked at again.
        fingerprint: (item) => item,
      }),
      'slo.objective': bindStream(STREAMS['slo.objective'], checks, {
        everyMs: EVERY.slo,
        read: (params) => source.site().slo.objective(params),
        fingerprint: (item) => item && withoutTime(item),
      }),
      'tokens.sparks': bindStream(STREAMS['tokens.sparks'], checks, {
        everyMs: EVERY.tenants,
        read: (params) => tokens().sparks(params),
        fingerprint: JSON.stringify,
      }),
      'tokens.tenant': bindStream(STREAMS['tokens.tenant'], checks, {
        everyMs: EVERY.tokens,
        read: (params) => tokens().tenant(params),
        fingerprint: (item) => (item === null ? null : withoutTime(item)),
      }),
    },
  }
}

function statusOf(source: ChannelSource, role: Role): ConsoleStatus {
  const site = source.site()
  const { config, fleet } = site
  return {
    at: source.wall(),
    mode: config === null ? 'setup' : config.demo ? 'demo' : 'site',
    role,
    site: config === null ? { name: '', timezone: 'UTC' } : config.site,
    version: source.version,
    engineStartedAt: source.startedAt,
    feed: site.feed(),
    partial: partialOf(site.sources()),
    rollCall: fleet.rollCall(),
    abnormal: site.abnormal(),
    power: fleet.power(),
    tokens: site.tokens.status(),
    sources: countByState(site.sources()),
    newestSampleAt: fleet.newestSampleAt(),
    tooOldMs: tooOldMs(site.sources()),
    configPath: config?.path ?? null,
    thresholds: config?.thresholds ?? {},
    configChange: role === 'console' ? source.changes.offer() : null,
    setup: role === 'console' ? source.setupState() : { open: false, until: null },
  }
}

const TOO_OLD_MS = 60_000
/** As for the staleness of a figure: a sample of a source that brings one a minute is not old after a minute. */
const CADENCES = 2.5

function tooOldMs(sources: readonly SourceHealth[]): number {
  return sources.reduce(
    (most, { feeding, cadenceMs }) => (feeding ? Math.max(most, (cadenceMs ?? 0) * CADENCES) : most),
    TOO_OLD_MS,
  )
}

/** The first reason why a source that feeds the floor told a part of it; null where all of them told all. */
function partialOf(sources: readonly SourceHealth[]): Message | null {
  for (const { feeding, doubts } of sources) {
    const doubt = feeding ? doubts.find(({ code }) => code === 'partial') : undefined
    if (doubt) return doubt.by ?? doubt.what
  }
  return null
}

/** What an item says, whenever it was put together. */
function withoutTime(item: { readonly at: number }): string {
  return JSON.stringify({ ...item, at: 0 })
}

function countByState(sources: readonly SourceHealth[]): ConsoleStatus['sources'] {
  const counts: ConsoleStatus['sources'] = { ok: 0, slow: 0, failing: 0, backoff: 0, standby: 0, unknown: 0 }
  for (const { state } of sources) counts[state] += 1
  return counts
}
