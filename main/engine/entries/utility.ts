import { systemClock } from '../../platform/clock.ts'
import { keepHeapSmall } from '../../platform/heap.ts'
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

/** The last words are under way when this is called; they need a moment to leave the process. */
const exit = (code: number): void => void setTimeout(() => process.exit(code), 100)

const shell = shellOf(process)
const tooOld = whyTooOld(process.versions.node)
if (tooOld !== null) {
  logger.fatal(tooOld)
  shell.tell({ type: 'fatal', text: tooOld })
  exit(1)
} else {
  fillGaps()
  keepHeapSmall()
  // Loaded only now: the HTTP client needs what was filled while it is loaded.
  const { createEngine } = await import('../engine.ts')
  const served = serveShell({ shell, clock: systemClock, logger, createEngine, exit })
  // The shell ends it so: what is kept is written into its file, and the file is let go of.
  process.once('SIGTERM', () => {
    void served.close().finally(() => process.exit(0))
  })
}
