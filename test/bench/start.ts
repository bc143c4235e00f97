import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { FIGURE } from '../../shared/model/figure.ts'
import { type RunningConsole, startConsole } from '../e2e/support/floorwatch.ts'
import { requirement } from '../support/peers.ts'
import { Screen } from '../support/screen.ts'
import { webSocketWire } from '../support/webSocketWire.ts'
import { type BenchResult, type BenchRow, formatResult } from './result.ts'
import { median } from './statistics.ts'

const RUNS = 7
const AIM_MS = 2000
const WHY =
  'two Node processes have to start and the first round of scrapes is spread over a second; a snapshot of the started program would save the first, a shorter first round the second.'

/** From the command, already built, to the first live figure of the demo floor: at a screen, and in a page that shows it. */
export async function benchStart(): Promise<BenchResult> {
  const atScreen = await starts(whenAtScreen)
  const rows: BenchRow[] = [
    row('until the address is printed', atScreen, 'listening'),
    row('until the first live figure at a screen', atScreen, 'live', AIM_MS),
    row('until half the floor is live', atScreen, 'half'),
  ]
  const notes = [
    `Medians of ${RUNS} starts each of \`main/launch/start.mjs serve --demo --no-open\`, as \`npm start -- --demo\` starts it; the first start, which compiles, is not counted.`,
    'The screen is a Node process on the WebSocket.',
  ]
  const { present, path, reason } = requirement('chromium')
  if (!present) return { title: TITLE, rows, notes: [...notes, `The page was skipped: ${reason}`] }

  const browser = await chromium.launch({
    executablePath: path,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const inPage = await starts((console_, since) => whenInPage(browser, console_, since))
    rows.push(row('until Chromium shows the first live figure', inPage, 'shown', AIM_MS))
    notes.push(
      `Chromium ${browser.version()} runs already and opens the printed address in a fresh profile; shown is a temperature in the strip above the floor, looked for before every frame.`,
    )
  } finally {
    await browser.close()
  }
  return { title: TITLE, rows, notes }
}

const TITLE = 'Start: the command, already built, to the first live figure of the demo (1,056 GPUs)'

type Moments = Readonly<Record<string, number>>
/** Milliseconds since the command, for each moment that was waited for. */
type Watch = (console_: RunningConsole, since: () => number) => Promise<Moments>

async function starts(watch: Watch): Promise<Moments[]> {
  const taken: Moments[] = []
  for (let run = 0; run <= RUNS; run++) {
    const startedAt = performance.now()
    const since = () => performance.now() - startedAt
    const console_ = await startConsole(['--demo'])
    try {
      const listening = since()
      const moments = await watch(console_, since)
      if (run > 0) taken.push({ listening, ...moments })
    } finally {
      await console_.stop()
    }
  }
  return taken
}

async function whenAtScreen(console_: RunningConsole, since: () => number): Promise<Moments> {
  const screen = new Screen(await webSocketWire(console_.attachUrl))
  try {
    const frames = screen.watch('fleet.frame', { fields: ['power'] })
    await frames.until('a live figure', (frame) => frame.states[0]?.includes(FIGURE.ok) === true, 20_000)
    const live = since()
    await frames.until('half the floor', (frame) => known(frame.states[0]) > frame.rows / 2, 20_000)
    return { live, half: since() }
  } finally {
    screen.close()
  }
}

async function whenInPage(browser: Browser, console_: RunningConsole, since: () => number): Promise<Moments> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  try {
    const page = await context.newPage()
    await page.goto(console_.consoleUrl)
    await page.waitForFunction(
      () => /\d\s*°C/.test(document.querySelector('[aria-label="Hottest GPU"]')?.textContent ?? ''),
      undefined,
      { polling: 'raf', timeout: 20_000 },
    )
    return { shown: since() }
  } finally {
    await context.close()
  }
}

function row(name: string, taken: readonly Moments[], moment: string, aimMs?: number): BenchRow {
  const middle = median(taken.map((moments) => moments[moment] ?? Number.NaN))
  const value = `${middle.toFixed(0)} ms`
  if (aimMs === undefined) return { name, value }
  return { name, value, aim: `≤ ${aimMs} ms`, reached: middle <= aimMs, why: WHY }
}

function known(states: Uint8Array | undefined): number {
  let count = 0
  for (const state of states ?? []) if (state === FIGURE.ok || state === FIGURE.zero) count++
  return count
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(formatResult(await benchStart()))
