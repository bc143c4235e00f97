import { systemClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { createEngine } from '../engine.ts'
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

serveShell({
  shell: shellOf(process),
  clock: systemClock,
  logger,
  createEngine,
  exit: (code) => process.exit(code),
})
