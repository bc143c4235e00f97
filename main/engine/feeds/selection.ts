import type { Feed } from '../../../shared/model/source.ts'
import type { Clock } from '../../platform/clock.ts'
import {
  type ArbiterEvent,
  type ArbiterFacts,
  arbitrate,
  type ArbiterRules,
  feedOf,
  startArbiter,
} from './arbiter.ts'

/** The arbiter with a clock and somebody to tell. */
export interface FeedSelection {
  /** Decides again; whoever feeds now has been told when this returns. */
  decide(event: ArbiterEvent): void
  feed(): Feed
}

/**
 * @param facts what is configured and known now
 * @param onTurn called on every turn; before the first one there is no feed
 */
export function selectFeed(options: {
  readonly clock: Clock
  readonly facts: () => ArbiterFacts
  readonly rules: ArbiterRules
  readonly onTurn: (feed: Feed) => void
}): FeedSelection {
  const { clock, facts, rules, onTurn } = options
  const instant = () => ({ at: clock.monotonic(), wall: clock.now() })
  let state = startArbiter(instant())
  const feed = () => feedOf(state, facts(), instant(), rules)
  return {
    decide(event) {
      const before = state.path
      state = arbitrate(state, event, facts(), instant(), rules)
      if (state.path !== before) onTurn(feed())
    },
    feed,
  }
}
