import { contextBridge, ipcRenderer } from 'electron'
import { PORT_CHANNEL, PORT_MESSAGE, REQUEST_PORT_CHANNEL } from './channels.ts'

/**
 * The one bridge between the shell and the page. The page gets no ipcRenderer, no event object and no Node: it can ask
 * for a connection to the engine, and the connection arrives as a MessagePort.
 */
contextBridge.exposeInMainWorld('floorwatchShell', {
  platform: process.platform,
  requestPort: () => ipcRenderer.send(REQUEST_PORT_CHANNEL),
})

ipcRenderer.on(PORT_CHANNEL, (event) => {
  // The main process is the only sender on this channel; the port goes to this very page and to no other origin.
  window.postMessage({ type: PORT_MESSAGE }, location.origin, [...event.ports])
})
