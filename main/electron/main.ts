/**
 * The desktop shell: windows and policy, nothing else. The engine runs in a utility process (or, with --engine,
 * somewhere else); a page's line to it is a MessagePort that only passes through here.
 */
import { join } from 'node:path'
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  protocol,
  session,
  utilityProcess,
} from 'electron'
import {
  accept,
  defaultConfigPath,
  describeRoutes,
  isAccepted,
  loadConfig,
  placesHere,
  refuseForeign,
  secretName,
  secretRoutes,
  userStateFolder,
} from '../config/index.ts'
import type { SecretUse } from '../engine/types.ts'
import { SECURITY_HEADERS } from '../platform/webPolicy.ts'
import { PORT_CHANNEL, REQUEST_PORT_CHANNEL } from '../preload/channels.ts'
import { createAppHandler } from './appProtocol.ts'
import {
  readStartRequest,
  type StartRequest,
  startRequestSchema,
  tokenOnCommandLine,
  windowKey,
} from './arguments.ts'
import type { Fork } from './childProcess.ts'
import { createDesktopEngine } from './desktopEngine.ts'
import type { EngineAddress, Lines } from './lines.ts'
import { menuTemplate } from './menu.ts'
import { createRemoteEngine } from './remoteEngine.ts'
import { APP_ORIGIN, APP_SCHEME, isTrustedSender, LATE_ORIGIN, SCHEME_PRIVILEGES } from './security.ts'
import { bringForward, lockDown, openWindow } from './window.ts'

const DIST = join(import.meta.dirname, '..')
const PRELOAD = join(import.meta.dirname, 'preload.cjs')
const places = placesHere()

const log = (text: string): void => void process.stderr.write(`floorwatch: ${text}\n`)

/** What they have to say to a person goes to standard error; the rest is for programs. */
const fork: Fork = (entry, serviceName, environment) =>
  utilityProcess.fork(entry, [], {
    serviceName,
    stdio: ['ignore', 'ignore', 'inherit'],
    ...(environment === undefined ? {} : { env: environment }),
  })

/** Each window with the lines of its page, by what it shows. */
const windows = new Map<string, { window: BrowserWindow; lines: Lines }>()
/** Engines and demos of windows that were closed, until they have ended. */
const ending = new Set<Promise<void>>()

process.on('uncaughtException', (error) => {
  // Electron's own answer is a dialog, which no one is there to close at a wall.
  log(`internal error: ${error.stack ?? error.message}`)
  app.exit(70)
})

// Only before Electron is ready can the scheme be had. Nothing here may wait for ready at the top level: Electron
// waits for this module first.
const inTime = !app.isReady()
if (inTime)
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { ...SCHEME_PRIVILEGES } }])

const request = readArguments()
if (request !== null) {
  if (app.requestSingleInstanceLock(request)) void app.whenReady().then(() => begin(request))
  else {
    log('Floorwatch runs already; it shows the window.')
    app.exit(0)
  }
}

const TOKEN_IN_SIGHT =
  'the token of --engine stands on the command line, where every user of this machine can read it; ' +
  'use --token-file PATH or --token-env NAME'

/** A slip on the command line is told where it was typed; from an icon there is no such place, hence the dialog. */
function readArguments(): StartRequest | null {
  try {
    const argv = process.argv.slice(1)
    if (tokenOnCommandLine(argv)) log(TOKEN_IN_SIGHT)
    return readStartRequest(argv, places)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    log(text)
    if (app.isPackaged && !process.stderr.isTTY) dialog.showErrorBox('Floorwatch', text)
    app.exit(2)
    return null
  }
}

function begin(first: StartRequest): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform)))
  lockDown(session.defaultSession)
  // In the late case this takes every https address, so that none but the console's own is answered.
  protocol.handle(inTime ? APP_SCHEME : 'https', createAppHandler(join(DIST, 'renderer'), SECURITY_HEADERS))
  ipcMain.on(REQUEST_PORT_CHANNEL, (event) => {
    const frame = event.senderFrame
    const asking = [...windows.values()].find(({ window }) => window.webContents === event.sender)
    if (frame === null || !isTrustedSender(frame) || asking === undefined) return
    const { port1, port2 } = new MessageChannelMain()
    asking.lines.attach(port1)
    frame.postMessage(PORT_CHANNEL, null, [port2])
  })
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const wanted = startRequestSchema.safeParse(data)
    if (wanted.success) void showIfTrusted(wanted.data)
  })
  app.on('child-process-gone', (_event, { type, name, reason, exitCode }) => {
    // With the last window everything is ended on purpose.
    if (reason !== 'clean-exit' && windows.size > 0) log(`${name ?? type}: ${reason} (code ${exitCode})`)
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (ending.size === 0) return
    event.preventDefault()
    void Promise.all(ending).then(() => app.quit())
  })
  void showIfTrusted(first)
}

/** A configuration that lay in the working folder is used only once the person has seen which secrets it sends where. */
async function showIfTrusted(wanted: StartRequest): Promise<void> {
  try {
    if (wanted.found === undefined || (await askAboutFound(wanted.config ?? ''))) show(wanted)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    log(text)
    dialog.showErrorBox('Floorwatch', text)
  }
  // Nothing is shown: there is nothing to stay for.
  if (windows.size === 0) app.exit(1)
}

async function askAboutFound(path: string): Promise<boolean> {
  refuseForeign(path)
  const config = await loadConfig(path)
  const routes = secretRoutes(config)
  if (routes.length === 0 || isAccepted(config, places)) return true
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Floorwatch',
    message: `Use ${path}?`,
    detail: [
      'It was found in the working folder, not named with --config. It sends:',
      ...describeRoutes(routes),
    ].join('\n'),
    buttons: ['Do not use it', 'Use it from now on'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  if (response !== 1) return false
  await accept(config, places)
  return true
}

/** Opens a window on what was asked for, or brings the one forward that shows it already. */
function show(wanted: StartRequest): void {
  const key = windowKey(wanted, places)
  const open = windows.get(key)
  if (open !== undefined) {
    if (wanted.engine !== null) open.lines.readdress(addressOf(wanted.engine, wanted))
    bringForward(open.window)
    return
  }
  const lines = linesFor(wanted)
  const window = openWindow({
    preload: PRELOAD,
    startUrl: `${inTime ? APP_ORIGIN : LATE_ORIGIN}/index.html`,
    log,
  })
  windows.set(key, { window, lines })
  window.once('closed', () => {
    windows.delete(key)
    const stopping = lines.stop().finally(() => ending.delete(stopping))
    ending.add(stopping)
  })
}

function addressOf(engine: string, { tokenFile, caFile }: StartRequest): EngineAddress {
  return { url: new URL(engine), tokenFile: tokenFile ?? null, caFile: caFile ?? null }
}

function linesFor(wanted: StartRequest): Lines {
  const { engine, config, demo, state, allowSetup } = wanted
  if (engine !== null) return createRemoteEngine(addressOf(engine, wanted), log)
  return createDesktopEngine({
    fork,
    dist: DIST,
    configPath: config,
    demo,
    version: app.getVersion(),
    newConfig: defaultConfigPath(places),
    state: { folder: state ?? userStateFolder(places), keepsDemo: state !== undefined },
    log,
    allowSetup: allowSetup === true,
    askSecret,
  })
}

/** A window of the system's, which no page can draw or answer. */
async function askSecret({ reference, origin }: SecretUse): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Floorwatch',
    message: `Send a secret to ${origin}?`,
    detail: `The setup wants to send the ${secretName(reference)} to this address. Allow it only if you have just entered both.`,
    buttons: ['Do not send', 'Send'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}
