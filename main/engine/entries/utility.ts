import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { fillGaps, whyTooOld } from './olderNode.ts'
import { shellOf } from './parentPort.ts'
import { serveShell } from './utilityHost.ts'

/** Entry of Electron's utility process: an engine for the shell that started it. */
const logger = createLogger()

// Electron only warns of an unhandled rejection in a utility process: an engine in an unknown state must not go on.
process.on('unhandledRejection', (reason) => {
  logger.fatal({ err: reason }, 'unhandled rejection')
  process.exit(70)
})
process.on('uncaughtException', (error) => {
  logger.fatal({ err: error }, 'uncaught exception')
  process.exit(70)
})

const shell = shellOf(process)
const tooOld = whyTooOld(process.versions.node)
if (tooOld !== null) {
  logger.fatal(tooOld)
  shell.tell({ type: 'fatal', text: tooOld })
  // Leaves the text the time to reach the window.
  setTimeout(() => process.exit(1), 100)
} else {
  fillGaps()
  // Loaded only now: the HTTP client needs what was filled while it is loaded.
  const { createEngine } = await import('../engine.ts')
  serveShell({ shell, clock: systemClock, logger, createEngine, exit: (code) => process.exit(code) })
}
