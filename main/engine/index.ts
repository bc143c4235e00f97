/** The engine's public face; hosts see this and types.ts alone. */
export { createEngine } from './engine.ts'
export { type FromEngine, fromEngineSchema, type ToEngine, toEngineSchema } from './hostMessages.ts'
export { inProcessWire } from './session/inProcessWire.ts'
export type { Engine, EngineHost, EngineMetrics, EngineOptions, EnginePaths } from './types.ts'
