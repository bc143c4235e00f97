import { message } from '../../shared/messages/message.ts'
import type { SiteConfig } from '../config/types.ts'
import { Repeats } from '../platform/repeats.ts'
import { createAudit } from '../audit/index.ts'
import { createAccess } from './access/access.ts'
import type { Store } from '../store/index.ts'
import { createChannels } from './channels.ts'
import { startCutLoop } from './cutLoop.ts'
import { type IncidentWatch, watchIncidents } from './incidents/watch.ts'
import { rolePlaces } from './session/limits.ts'
import { type Act, Session } from './session/session.ts'
import { Topics } from './session/topic.ts'
import { ConfigChanges } from './setup/changes.ts'
import { SetupLock } from './setup/lock.ts'
import { createSetup } from './setup/setup.ts'
import { createSite } from './site/site.ts'
import { type SiteStore, siteStore } from './site/siteStore.ts'
import type { Site } from './site/types.ts'
import type { Engine, EngineOptions } from './types.ts'

/**
 * Composes sources, live floor and screens. It starts polling at once and goes on whatever its sources and screens
 * send; a reconfiguration replaces the site under the screens that are attached.
 */
export function createEngine(options: EngineOptions): Engine {
  const { clock, logger, host, paths, version } = options
  const sessions = new Set<Session>()
  const counters = { cuts: 0, cutMs: 0, encoded: 0 }
  const startedAt = clock.now()
  let closed = false
  let reconfiguring: Promise<void> = Promise.resolve()
  const places = rolePlaces()
  const repeats = new Repeats(clock)
  const topics = new Topics(() => loop.hurry())
  const loop = startCutLoop({
    monotonic: () => clock.monotonic(),
    cut,
    onDefect: (error) => logger.error({ err: error }, 'a cut failed'),
  })
  let kept: SiteStore = storeFor(options.config, null)
  const audit = createAudit({ store: () => kept.store, clock })
  let incidents: IncidentWatch = watchIncidents({
    store: kept.store,
    clock,
    logger,
    alone: options.alone === true,
  })
  let site: Site = openSite(options.config, 1, kept.store)
  const lock = new SetupLock({ clock, watchesSite: () => site.config !== null && !site.config.demo })
  const access = createAccess({
    store: () => site.store,
    audit,
    clock,
    logger,
    isDemo: () => site.config?.demo === true,
    watchesSite: () => site.config !== null,
    ...(options.signIn === undefined ? {} : options.signIn),
  })
  const changes = new ConfigChanges({
    clock,
    logger,
    watch,
    named: options.configNamed ?? true,
    ...(options.configLookMs === undefined ? {} : { everyMs: options.configLookMs }),
  })
  changes.follow(options.config)
  const channels = createChannels(
    {
      site: () => site,
      incidents: () => incidents,
      sequence: () => counters.cuts,
      wall: () => clock.now(),
      version,
      startedAt,
      setup: createSetup({ lock, host, paths, clock, logger, watch }),
      setupState: () => lock.state(),
      changes,
      access,
      audit,
      clock,
      onNews,
    },
    (options.checkItems ?? process.env['NODE_ENV'] !== 'production') ? 'all' : 'answers',
  )

  function storeFor(config: SiteConfig | null, predecessor: SiteStore | null): SiteStore {
    return siteStore({ config, state: options.state ?? null, clock, logger }, predecessor)
  }

  function openSite(config: SiteConfig | null, firstTopologyVersion: number, store: Store): Site {
    return createSite({
      config,
      firstTopologyVersion,
      clock,
      logger,
      onNews,
      store,
      audit,
      onVerdict(throttle, { incidentId }) {
        if (incidentId === null) return
        const { headline, tenant } = throttle
        incidents.addEntry(incidentId, {
          kind: 'throttle',
          eventAt: clock.now(),
          who: null,
          message: message('throttles.timeline', { name: tenant.name, headline }),
        })
      },
    })
  }

  /** Without a screen there is no hurry: the floor is still judged every second. */
  function onNews(): void {
    if (sessions.size > 0) loop.hurry()
  }

  function cut(): void {
    const started = clock.monotonic()
    const now = clock.now()
    site.cut(now)
    if (site.config !== null) incidents.look(site, site.slo)
    counters.cuts += 1
    counters.encoded += topics.refresh(started)
    counters.cutMs += clock.monotonic() - started
  }

  /** Every act that was done has its line; refused ones are counted, because a screen can send any number of them. */
  function noteAct(act: Act): void {
    if (act.refused !== null) {
      repeats.note(`refused ${act.role} ${act.command}`, (more) =>
        logger.warn({ ...act, more }, 'an act was refused'),
      )
      return
    }
    // On a floor that is watched every act is news; in a first setup it is what one expects.
    logger[site.config === null ? 'info' : 'warn'](act, 'a console acted')
  }

  /** One at a time. The old site goes once the new one stands, so a site that cannot be built changes nothing. */
  function watch(configOf: () => SiteConfig | null): Promise<void> {
    const turn = replaceSite(reconfiguring, configOf)
    reconfiguring = turn.catch(() => undefined)
    return turn
  }

  async function replaceSite(before: Promise<void>, configOf: () => SiteConfig | null): Promise<void> {
    await before
    const config = configOf()
    if (closed || config === null) return
    const old = site
    const oldKept = kept
    kept = storeFor(config, oldKept)
    try {
      site = openSite(config, old.fleet.topology().version + 1, kept.store)
    } catch (error) {
      if (kept !== oldKept) kept.close()
      kept = oldKept
      throw error
    }
    if (kept !== oldKept)
      incidents = watchIncidents({ store: kept.store, clock, logger, alone: options.alone === true })
    logger.info({ path: config.path, site: config.site.name }, 'watching a site')
    changes.follow(config)
    loop.hurry()
    await old.close()
    if (oldKept !== kept) oldKept.close()
  }

  return {
    attach(wire, role, origin) {
      if (closed) {
        wire.close()
        return
      }
      const place = access.open(role, origin)
      const session: Session = new Session({
        wire,
        role,
        desk: place.desk,
        version,
        channels,
        topics,
        places: places[role],
        monotonic: () => clock.monotonic(),
        onAct: noteAct,
        onDefect: (channel, error) =>
          repeats.note(`defect ${channel}`, (more) =>
            logger.error({ err: error, channel, more }, 'a channel failed'),
          ),
        onEnd: (reason) => {
          sessions.delete(session)
          place.close()
          logger.debug({ role, reason }, 'a screen went away')
        },
      })
      sessions.add(session)
      session.start()
    },
    unlockSetup() {
      lock.unlock()
      logger.warn({ until: lock.state().until }, 'the setup was unlocked')
    },
    async close() {
      if (closed) return
      closed = true
      loop.stop()
      changes.close()
      for (const session of sessions) session.end('the engine is closing')
      repeats.close()
      await reconfiguring
      await site.close()
      kept.close()
    },
    metrics: () => ({ ...counters, sessions: sessions.size }),
  }
}
