import { fileURLToPath } from 'node:url'
import { FIGURE } from '../../shared/model/figure.ts'
import { startConsole } from '../e2e/support/floorwatch.ts'
import { Screen } from '../support/screen.ts'
import { webSocketWire } from '../support/webSocketWire.ts'
import { type BenchResult, formatResult } from './result.ts'
import { median } from './statistics.ts'

const RUNS = 7
const AIM_MS = 2000

/** From the command, already built, to the first live figure of the demo floor at a screen. */
export async function benchStart(): Promise<BenchResult> {
  const listening: number[] = []
  const live: number[] = []
  const half: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now()
    const console_ = await startConsole(['--demo'])
    try {
      listening.push(performance.now() - startedAt)
      const screen = new Screen(await webSocketWire(console_.attachUrl))
      const frames = screen.watch('fleet.frame', { fields: ['power'] })
      await frames.until('a live figure', (frame) => frame.states[0]?.includes(FIGURE.ok) === true, 20_000)
      live.push(performance.now() - startedAt)
      await frames.until('half the floor', (frame) => countOk(frame.states[0]) > frame.rows / 2, 20_000)
      half.push(performance.now() - startedAt)
      screen.close()
    } finally {
      await console_.stop()
    }
  }
  const first = median(live)
  return {
    title: 'Start: the command, already built, to the first live figure of the demo (1,056 GPUs)',
    rows: [
      { name: 'until the address is printed', value: `${median(listening).toFixed(0)} ms` },
      {
        name: 'until the first live figure at a screen',
        value: `${first.toFixed(0)} ms`,
        aim: `≤ ${AIM_MS} ms`,
        reached: first <= AIM_MS,
      },
      { name: 'until half the floor is live', value: `${median(half).toFixed(0)} ms` },
    ],
    notes: [
      `Medians of ${RUNS} starts of \`main/launch/start.mjs serve --demo --no-open\` with a screen over the WebSocket; no browser.`,
    ],
  }
}

function countOk(states: Uint8Array | undefined): number {
  let count = 0
  for (const state of states ?? []) if (state === FIGURE.ok || state === FIGURE.zero) count++
  return count
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(formatResult(await benchStart()))
