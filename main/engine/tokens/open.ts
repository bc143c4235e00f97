import type { SiteConfig } from '../../config/types.ts'
import { secretScope } from '../../platform/secretScope.ts'
import { createMeteringSource } from '../../sources/metering/index.ts'
import { openAccess } from '../access.ts'
import { emptyTokenWatch } from './answers/empty.ts'
import { openInference } from './served/open.ts'
import type { TokenWatch } from './types.ts'
import { createTokenWatch, type TokenWatchOptions } from './watch.ts'

/** Live usage, slow lists and what screens ask go side by side; events hold one of them open. */
const METERING_CONNECTIONS = 8

/** The tokens of a configured site, with connections of their own; nothing is asked where nothing is configured. */
export function openTokens(
  options: Pick<TokenWatchOptions, 'fleet' | 'clock' | 'logger' | 'onNews'> & {
    readonly config: SiteConfig | null
  },
): TokenWatch {
  const { config, clock, logger } = options
  if (config === null || (config.metering === null && config.inference === null)) {
    return emptyTokenWatch(() => clock.now())
  }
  return createTokenWatch({
    ...options,
    config,
    source:
      config.metering === null
        ? null
        : createMeteringSource({
            options: config.metering,
            access: openAccess(
              config.metering.access,
              secretScope([config.metering.url]),
              METERING_CONNECTIONS,
            ),
            clock,
            logger,
          }),
    inference:
      config.inference === null ? null : openInference(config.inference, config.prometheus, clock, logger),
  })
}
