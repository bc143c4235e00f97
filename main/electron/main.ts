/**
 * The desktop shell: windows and policy, nothing else. The engine runs in a utility process (or, with --engine,
 * somewhere else); a page's line to it is a MessagePort that only passes through here.
 */
import { join } from 'node:path'
import {
  app,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  protocol,
  session,
  type WebFrameMain,
} from 'electron'
import { defaultConfigPath, locateConfig, placesHere } from '../config/index.ts'
import { SECURITY_HEADERS } from '../platform/webPolicy.ts'
import { PORT_CHANNEL, REQUEST_PORT_CHANNEL } from '../preload/channels.ts'
import { createAppHandler } from './appProtocol.ts'
import { readShellArguments, type ShellArguments } from './arguments.ts'
import { createDesktopEngine } from './desktopEngine.ts'
import { bridge } from './remoteEngine.ts'
import { APP_SCHEME, isTrustedSender, SCHEME_PRIVILEGES } from './security.ts'
import { lockDown, openWindow } from './window.ts'

const DIST = join(import.meta.dirname, '..')
const PRELOAD = join(import.meta.dirname, 'preload.cjs')

const log = (text: string): void => void process.stderr.write(`floorwatch: ${text}\n`)

protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { ...SCHEME_PRIVILEGES } }])
Menu.setApplicationMenu(null)

const shellArguments = readArguments()
if (shellArguments !== null) void app.whenReady().then(() => start(shellArguments))

/** A slip on the command line is told in a dialog and on standard error; a window without its reason helps nobody. */
function readArguments(): ShellArguments | null {
  try {
    return readShellArguments(process.argv.slice(1))
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    log(text)
    if (process.platform !== 'linux' || process.env['DISPLAY'] !== undefined)
      dialog.showErrorBox('Floorwatch', text)
    app.exit(2)
    return null
  }
}

function start({ config, demo, engine: remote }: ShellArguments): void {
  lockDown(session.defaultSession)
  protocol.handle(APP_SCHEME, createAppHandler(join(DIST, 'renderer'), SECURITY_HEADERS))

  const own =
    remote === null
      ? createDesktopEngine({
          dist: DIST,
          configPath: demo ? null : locateConfig(config ?? undefined, placesHere()),
          demo,
          version: app.getVersion(),
          newConfig: defaultConfigPath(placesHere()),
          log,
        })
      : null

  ipcMain.on(REQUEST_PORT_CHANNEL, (event) => {
    const frame: WebFrameMain | null = event.senderFrame
    if (!isTrustedSender(frame) || frame === null) return
    const { port1, port2 } = new MessageChannelMain()
    if (own !== null) own.attach(port1)
    else if (remote !== null)
      bridge(remote, port1, (reason) => log(`the engine at ${remote.host}: ${reason}`))
    frame.postMessage(PORT_CHANNEL, null, [port2])
  })

  app.on('window-all-closed', () => app.quit())
  app.on('quit', () => own?.stop())
  openWindow(PRELOAD, log)
}
