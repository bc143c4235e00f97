import type { Message } from '../../../../shared/messages/message.ts'
import type { TenantMinutes } from '../../../../shared/model/objective.ts'
import type { ChosenBucket, Minute } from '../../../core/slo/index.ts'

/** What a source said about a stretch of minutes. Wall clock of this machine, ms. */
export interface MinuteAnswer {
  /** Those that are known, and those of which it is known that they are not (`known: 0`). */
  readonly minutes: readonly Minute[]
  /** Nothing is told from here on yet; the end of the question where all of it was told. */
  readonly toldUntil: number
  /** Of latencies: the bucket by which they were judged, and all that there are, seconds. */
  readonly bucket?: ChosenBucket | null
  readonly bounds?: readonly number[]
  /** What keeps some of it from being told. */
  readonly trouble: readonly Message[]
}

/** Whoever counts the events of one objective. */
export interface MinuteSource {
  /** How far back it may be asked, ms; 0 where it only tells what is now. */
  readonly reachBackMs: number
  /** The longest stretch of one question, ms. */
  readonly spanMs: number
  /** What is asked again each time, because events may come late, ms. */
  readonly repeatMs: number
  /** A minute is not asked for before this long after it ended, ms. */
  readonly settleMs: number
  /** A minute that is not told after this long is given up, ms. */
  readonly patienceMs: number
  /** "Metering API at metering:8080", in words. */
  readonly name: Message
  /**
   * Minutes that begin in [fromMs, toMs), both whole.
   * @throws SourceFailure, AbilityMissing
   */
  ask(fromMs: number, toMs: number, signal: AbortSignal): Promise<MinuteAnswer>
  /** The same by who asked; null where it cannot be distinguished. @throws SourceFailure */
  askByTenant?(fromMs: number, toMs: number, signal: AbortSignal): Promise<readonly TenantMinutes[] | null>
}
