import type { SiteConfig } from '../../main/config/types.ts'
import { createEngine, inProcessWire, OWN_WINDOW } from '../../main/engine/index.ts'
import { type Clock, systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { Screen } from './screen.ts'

/** A real engine in this process, and a console that watches it. */
export interface WatchedEngine {
  readonly screen: Screen
  readonly close: () => Promise<void>
}

/**
 * @param config null for a first start, before there is a site
 * @param log takes every line of its log, also the finest
 * @param stateFolder where it keeps what outlives it; nothing is kept where none is given
 */
export function watchEngine(
  config: SiteConfig | null,
  {
    clock = systemClock,
    log,
    stateFolder,
  }: { clock?: Clock; log?: (line: string) => void; stateFolder?: string } = {},
): WatchedEngine {
  const engine = createEngine({
    config,
    host: { launchDemo: () => Promise.reject(new Error('this test has no demo factory')) },
    clock,
    logger: log ? createLogger({ level: 'trace', destination: { write: log } }) : createLogger(),
    version: '0.0.0-test',
    paths: { newConfig: 'unused.yaml' },
    ...(stateFolder === undefined ? {} : { state: { folder: stateFolder, keepsDemo: false } }),
  })
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, 'console', OWN_WINDOW)
  return { screen: new Screen(screenEnd), close: () => engine.close() }
}
