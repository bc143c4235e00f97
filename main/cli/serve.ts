import { createInterface } from 'node:readline'
import { say } from '../../shared/messages/format.ts'
import { loadConfig } from '../config/load.ts'
import {
  defaultConfigPath,
  locate,
  type LocatePlaces,
  placesHere,
  userStateFolder,
} from '../config/locate.ts'
import { describeProblem } from '../config/problems.ts'
import type { SiteConfig } from '../config/types.ts'
import { launchDemo } from '../demo/launch.ts'
import { createEngine, type Engine } from '../engine/index.ts'
import { systemClock } from '../platform/clock.ts'
import { printable } from '../platform/foreignText.ts'
import { keepHeapSmall } from '../platform/heap.ts'
import { createLogger } from '../platform/logger.ts'
import { createHost, type Host, type HostWalls } from '../wall/host.ts'
import { loadTls, type TlsFiles } from '../wall/tls.ts'
import { openWallFiles } from '../wall/wallFiles.ts'
import type { ServeArguments } from './arguments.ts'
import { browserPlacesHere, openBrowser, planBrowser } from './browser.ts'
import { chosenConfig } from './chosenConfig.ts'
import { TerminalConsent } from './consent.ts'
import { Ending, untilAsked } from './ending.ts'
import { lateEngine } from './lateEngine.ts'
import { desktopLine } from './desktopToken.ts'
import { findParts, type Output, VERSION } from './surroundings.ts'
import { siteOf, wallFolder } from './wall.ts'

/**
 * Serves the console until it is asked to end.
 * @param why the sentence that tells why no window of its own opened; null where serving was asked for
 * @returns the exit code
 * @throws ConfigError for a configuration that is refused, Error with a sentence where a port cannot be had
 */
export async function serve(options: ServeArguments, output: Output, why: string | null): Promise<number> {
  keepHeapSmall()
  const asked = untilAsked()
  const ending = new Ending()
  try {
    await begin(options, output, why, ending)
    await asked
    return 0
  } finally {
    await ending.run()
  }
}

async function begin(
  options: ServeArguments,
  output: Output,
  why: string | null,
  ending: Ending,
): Promise<void> {
  const places = placesHere()
  const parts = findParts()
  const logger = createLogger({ level: options.logLevel })
  const demo = demoStarter(parts.demoEntry, output, ending)
  // The demo starts while the host does. It is awaited further down; failing meanwhile is no unhandled rejection.
  const firstDemo = options.demo ? demo() : null
  firstDemo?.catch(() => undefined)
  const named = firstDemo === null ? await chosenConfig(options.config, places, output) : null

  const walls = await wallsOf(options, places, output)
  const engineToCome = lateEngine()
  const host = await createHost({
    engine: engineToCome,
    rendererDir: parts.rendererDir,
    clock: systemClock,
    logger,
    port: options.port,
    address: options.address,
    allowedHosts: options.allowedHosts,
    ...(options.tls === null ? {} : { tls: options.tls }),
    ...(walls === null ? {} : { walls }),
  })
  ending.add(() => host.close())
  if (options.tls !== null) warnOfCertificate(options.tls, output)
  for (const warning of named?.warnings ?? []) output.err(`Worth a look: ${describeProblem(warning)}`)
  const desktop = await desktopLine(host, places, ending)
  announce(host, { subject: subjectOf(options.demo, named), why, desktop, wallsLast: walls !== null }, output)
  // The browser takes the longest to start, so it does not wait for the engine.
  if (options.open) await openConsole(host, output, ending)

  const interactive = process.stdin.isTTY
  const consent = new TerminalConsent({
    allowed: options.allowedSecrets,
    interactive,
    say: (line) => output.out(line),
  })
  const engine = createEngine({
    config: firstDemo === null ? named : await loadConfig(await firstDemo),
    host: { launchDemo: demo, allowSecret: async (use) => consent.ask(use) },
    clock: systemClock,
    logger,
    version: VERSION,
    paths: { newConfig: defaultConfigPath(places) },
    state: { folder: options.state ?? userStateFolder(places), keepsDemo: options.state !== null },
    configNamed: locate(options.config ?? undefined, places)?.found !== 'folder',
  })
  ending.add(() => engine.close())
  if (options.allowSetup) engine.unlockSetup()
  engineToCome.use(engine)
  if (interactive) listenToTerminal({ host, engine, consent, output, ending })
}

const DAY_MS = 86_400_000
/** Of a certificate that expires sooner is told at the start. */
const SOON_DAYS = 21

function warnOfCertificate(tls: TlsFiles, output: Output): void {
  const days = Math.floor((loadTls(tls).expiresAt - systemClock.now()) / DAY_MS)
  if (days < 0) output.err(say('wall.tls.expired', { path: tls.cert }))
  else if (days < SOON_DAYS) output.err(say('wall.tls.expires', { path: tls.cert, days }))
}

function subjectOf(demo: boolean, config: SiteConfig | null): string {
  if (demo) return 'the demo factory'
  return config === null ? 'no configuration yet, so the setup opens' : printable(config.site.name)
}

/** Starts the demo factory once, however often it is asked for, and ends it with the program. */
function demoStarter(entry: string, output: Output, ending: Ending): () => Promise<string> {
  let started: Promise<string> | null = null
  return () => {
    started ??= launchDemo({ entry, onExit: (reason) => output.err(reason) }).then(
      (demo) => {
        ending.add(() => demo.stop())
        return demo.configPath
      },
      (error: unknown) => {
        started = null
        throw error
      },
    )
    return started
  }
}

/** Where wall addresses are kept; null, with a word about it, where they cannot be: then they end with the engine. */
async function wallsOf(
  options: ServeArguments,
  places: LocatePlaces,
  output: Output,
): Promise<HostWalls | null> {
  try {
    const store = await openWallFiles(wallFolder(places), (text) => output.err(text))
    return { store, site: siteOf(options, places) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    output.err(`Wall addresses end with Floorwatch, because they cannot be kept: ${reason}`)
    return null
  }
}

interface Announcement {
  readonly subject: string
  readonly why: string | null
  readonly desktop: string
  readonly wallsLast: boolean
}

function announce(host: Host, { subject, why, desktop, wallsLast }: Announcement, output: Output): void {
  if (why !== null) output.out(`${why} Serving the console to a browser instead.`)
  output.out(`Floorwatch ${VERSION} · ${subject}`)
  output.out(`  browser  ${host.tokenUrl('console')}`)
  output.out('           works once, for a quarter of an hour; press Enter here for another')
  output.out(`  desktop  ${desktop}`)
  output.out(`  wall     ${host.tokenUrl('wall')}`)
  output.out(
    `           read-only, works until ${wallsLast ? 'it is revoked (floorwatch wall)' : 'Floorwatch ends'}`,
  )
  output.out('Ctrl-C ends it.')
}

interface Terminal {
  readonly host: Host
  readonly engine: Engine
  readonly consent: TerminalConsent
  readonly output: Output
  readonly ending: Ending
}

/** What the person who runs the engine may type: nothing for another address, "setup", "allow CODE". */
function listenToTerminal({ host, engine, consent, output, ending }: Terminal): void {
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    if (consent.typed(line)) return
    if (line.trim() !== 'setup') return output.out(`  browser  ${host.tokenUrl('console')}`)
    engine.unlockSetup()
    output.out('The setup takes changes from consoles for a quarter of an hour.')
  })
  ending.add(() => lines.close())
}

async function openConsole(host: Host, output: Output, ending: Ending): Promise<void> {
  const plan = planBrowser(host.tokenUrl('console'), browserPlacesHere())
  if (plan.kind === 'none') {
    output.out(`No browser was opened: ${plan.why}. Open the browser address above yourself.`)
    return
  }
  const browser = await openBrowser(plan, (trouble) => {
    output.err(`No browser was opened: ${trouble}. Open the browser address above yourself.`)
  })
  ending.add(() => browser.close())
}
