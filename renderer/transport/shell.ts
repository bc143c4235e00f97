/**
 * What the Electron shell gives to the page. The preload script exposes `window.floorwatchShell`; after `requestPort()`
 * it posts `{ type: 'floorwatch-port' }` with one MessagePort to this window and this origin. Each request gives one
 * port to the engine that runs at that time; the page asks again when the port closes.
 */
export interface FloorwatchShell {
  requestPort(): void
  /** Node's `process.platform`. */
  readonly platform: string
}

export const PORT_MESSAGE = 'floorwatch-port'

declare global {
  interface Window {
    readonly floorwatchShell?: FloorwatchShell
  }
}
