export { createLiveFleet } from './fleet.ts'
export { createHistory, type History, type HistoryOptions, type HistoryQuery } from './history/history.ts'
export { WHO_SERIES } from './places/placement.ts'
export type { FleetOptions, LiveFleet, SeriesIdentity } from './types.ts'
