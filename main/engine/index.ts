/** The engine's public face; hosts and the command line see this and types.ts alone. */
export { createEngine } from './engine.ts'
export { type FromEngine, fromEngineSchema, type ToEngine, toEngineSchema } from './hostMessages.ts'
export { OWN_WINDOW } from './session/desk.ts'
export { identifyPrometheus } from './setup/identify.ts'
export { inProcessWire } from './session/inProcessWire.ts'
export type {
  Engine,
  EngineHost,
  EngineMetrics,
  EngineOptions,
  EnginePaths,
  ScreenOrigin,
  SecretAnswer,
  SecretUse,
  StatePlace,
} from './types.ts'
