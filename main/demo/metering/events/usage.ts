import type { Ledger } from '../../ledger/types.ts'
import type { EventRing } from './events.ts'

/** Tells listeners that newer usage can be asked for, and where older usage has changed. */
export interface UsageNews {
  /** Call after every step of the ledger. */
  tick(): void
}

export function createUsageNews(
  ledger: Pick<Ledger, 'now' | 'dataAsOf' | 'lastCorrection'>,
  events: Pick<EventRing, 'publish'>,
): UsageNews {
  let reach = ledger.dataAsOf()
  let corrected = ledger.lastCorrection()?.at ?? Number.NEGATIVE_INFINITY
  const text = (ms: number) => new Date(ms).toISOString()

  return {
    tick() {
      const at = text(ledger.now())
      const correction = ledger.lastCorrection()
      // The correction first: whoever asks for the newest usage at the next event has it then.
      if (correction !== null && correction.at > corrected) {
        corrected = correction.at
        events.publish({ type: 'usage.corrected', at, subject: 'usage', from: text(correction.fromMs) })
      }
      if (ledger.dataAsOf() === reach) return
      reach = ledger.dataAsOf()
      events.publish({ type: 'usage.advanced', at, subject: 'usage' })
    },
  }
}
