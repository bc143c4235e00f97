import { inWords } from '../../shared/model/phrases.ts'

/** What the other side's clock said, and when by ours. */
export interface ClockReading {
  /** By the other side's clock, ms since the epoch: the earliest moment that its stamp can mean. */
  readonly stampMs: number
  /** How much later than that it may have been: 1000 for a Date header, which has whole seconds; 0 where none is given. */
  readonly precisionMs?: number
  /** Wall clock of this machine, ms: before the question left, and after its answer came. */
  readonly sentAt: number
  readonly receivedAt: number
}

export interface RemoteClockOptions {
  /**
   * Which moment of what a reading leaves open is used: its middle, or the one that makes everything of the other side
   * as old as it may be, so that nothing looks too fresh. The middle where none is given.
   */
  readonly lean?: 'middle' | 'oldest'
  /** Offsets nearer to the one in use than this change nothing: times on screens would tremble. 2 s where none is given. */
  readonly steadyMs?: number
  /** Offsets below this are taken for agreement of both clocks; `steadyMs` where none is given. */
  readonly agreeMs?: number
  /** A larger offset is refused; a day where none is given: more than a time zone set wrong. */
  readonly boundMs?: number
  /**
   * Readings in a row that must contradict the known offset, and agree with one another, before it is given up. With 2,
   * answers that come in turn from two machines with different clocks do not move times back and forth. 1 where none is
   * given: what comes with its own stamp is right by that stamp.
   */
  readonly turnAfter?: 1 | 2
}

/** Times of the other side in ours, for those who only read them. */
export interface RemoteTime {
  /** The other side's clock minus this machine's, ms; 0 before the first reading. */
  readonly offsetMs: number
  /** Counts up whenever another offset came into use: times before and after are not comparable. */
  readonly turns: number
  /** Why the newest reading was refused, in plain words; null where it was not. The offset before it stays in use. */
  readonly refusal: string | null
  toRemote(localMs: number): number
  toLocal(remoteMs: number): number
  /** An instant in the other side's words by this machine's clock, ms; null for none or one that cannot be read. */
  readLocal(instant: string | null): number | null
}

const DAY_MS = 86_400_000
/** The last instant that a Date holds. */
const LAST_MS = 8.64e15

/** Bounds of remote minus local, ms. */
interface Bounds {
  readonly least: number
  readonly most: number
}

/**
 * The one translation of another machine's clock to ours. Each reading says only within which bounds the offset lies,
 * the narrower the quicker its answer was; bounds of several together leave little room. When they contradict each
 * other a clock was set, and the newest count.
 */
export class RemoteClock implements RemoteTime {
  readonly #lean: 'middle' | 'oldest'
  readonly #steadyMs: number
  readonly #agreeMs: number
  readonly #boundMs: number
  readonly #turnAfter: number
  #bounds: Bounds | null = null
  /** Contradicts the bounds, and waits for another that says the same. */
  #contradiction: Bounds | null = null
  #offsetMs = 0
  #inUse = false
  #turns = 0
  #refusal: string | null = null

  constructor(options: RemoteClockOptions = {}) {
    this.#lean = options.lean ?? 'middle'
    this.#steadyMs = options.steadyMs ?? 2000
    this.#agreeMs = options.agreeMs ?? this.#steadyMs
    this.#boundMs = options.boundMs ?? DAY_MS
    this.#turnAfter = options.turnAfter ?? 1
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  get turns(): number {
    return this.#turns
  }

  get refusal(): string | null {
    return this.#refusal
  }

  /** One that is no time, or whose answer came before its question, says nothing. */
  observe({ stampMs, precisionMs = 0, sentAt, receivedAt }: ClockReading): void {
    if (!Number.isFinite(stampMs) || !(receivedAt >= sentAt)) return
    const read = { least: stampMs - receivedAt, most: stampMs + precisionMs - sentAt }
    // The nearest that it may be: a slow answer is no reason to refuse a good clock.
    const nearest = Math.max(0, read.least, -read.most)
    if (nearest > this.#boundMs || Math.abs(stampMs) > LAST_MS) {
      this.#refusal = refusalText(stampMs, receivedAt, nearest)
      return
    }
    this.#refusal = null
    this.#take(read)
  }

  /** @param date a Date header; none, or one that cannot be read, says nothing */
  observeDate(date: string | undefined, sentAt: number, receivedAt: number): void {
    if (date !== undefined) this.observe({ stampMs: Date.parse(date), precisionMs: 1000, sentAt, receivedAt })
  }

  #take(read: Bounds): void {
    const together = this.#bounds === null ? read : shared(this.#bounds, read)
    if (together !== null) {
      this.#bounds = together
      this.#contradiction = null
    } else {
      const confirmed = this.#contradiction === null ? null : shared(this.#contradiction, read)
      if (confirmed === null && this.#turnAfter > 1) {
        this.#contradiction = read
        return
      }
      this.#bounds = confirmed ?? read
      this.#contradiction = null
    }
    this.#use(this.#bounds)
  }

  #use({ least, most }: Bounds): void {
    const measured = this.#lean === 'oldest' ? most : Math.round((least + most) / 2)
    const meant = Math.abs(measured) < this.#agreeMs ? 0 : measured
    const steady = this.#inUse && Math.abs(meant - this.#offsetMs) < this.#steadyMs
    this.#inUse = true
    if (steady || meant === this.#offsetMs) return
    this.#offsetMs = meant
    this.#turns += 1
  }

  toRemote(localMs: number): number {
    return localMs + this.#offsetMs
  }

  toLocal(remoteMs: number): number {
    return remoteMs - this.#offsetMs
  }

  readLocal(instant: string | null): number | null {
    const ms = instant === null ? Number.NaN : Date.parse(instant)
    return Number.isFinite(ms) ? this.toLocal(ms) : null
  }
}

/** What both allow; null where they contradict each other. */
function shared(a: Bounds, b: Bounds): Bounds | null {
  const least = Math.max(a.least, b.least)
  const most = Math.min(a.most, b.most)
  return least <= most ? { least, most } : null
}

function refusalText(stampMs: number, localMs: number, offMs: number): string {
  const said = Math.abs(stampMs) > LAST_MS ? 'a time that no calendar holds' : utc(stampMs)
  const off =
    Math.abs(stampMs) > LAST_MS ? '' : `, ${inWords(offMs)} ${stampMs > localMs ? 'ahead' : 'behind'}`
  return `Its clock says ${said} where this machine's says ${utc(localMs)}${off}: too far apart to be used.`
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
