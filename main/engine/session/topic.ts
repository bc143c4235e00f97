import type { Role } from '../../../shared/contract/define.ts'

/** One item, encoded once, for as many subscriptions as there are. */
export interface Payload {
  readonly bytes: number
  /** The whole message for one subscription. */
  write(subscription: number): string | ArrayBuffer
}

export interface TopicSource {
  /** Subscriptions of one stream with equal keys share their items. */
  readonly key: string
  /** The shortest time between two items, ms. */
  readonly everyMs: number
  render(): Payload | 'unchanged'
}

/** One subscription as its topic sees it. */
export interface Reader {
  readonly role: Role
  /** Ready for an item: nothing is unacknowledged. */
  ready(): boolean
  deliver(payload: Payload, revision: number): void
  fail(error: unknown): void
}

/**
 * What several screens look at. It keeps the newest item alone; a reader that was busy gets that one when it is ready
 * again, and what came in between is gone: latest wins. Without a ready reader nothing is read or encoded at all.
 */
export class Topic {
  readonly #source: TopicSource
  readonly #readers = new Set<Reader>()
  /** Someone is ready and waits for news that has not been rendered. */
  readonly #onWanted: () => void
  #payload: Payload | null = null
  #revision = 0
  #renderedAt = Number.NEGATIVE_INFINITY
  #owed = true

  constructor(source: TopicSource, onWanted: () => void) {
    this.#source = source
    this.#onWanted = onWanted
  }

  get empty(): boolean {
    return this.#readers.size === 0
  }

  /** Only walls look at it. */
  get forWallsAlone(): boolean {
    for (const { role } of this.#readers) if (role !== 'wall') return false
    return true
  }

  /** When it was put together last, on the clock of {@link refresh}. */
  get renderedAt(): number {
    return this.#renderedAt
  }

  /** There may be news, and it has to wait for the next refresh. */
  postpone(): void {
    this.#owed = true
  }

  add(reader: Reader): void {
    this.#readers.add(reader)
    this.request(reader, 0)
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader)
  }

  /** A reader became ready and has seen `seen` last: it gets what is newer now, or with the next refresh. */
  request(reader: Reader, seen: number): void {
    if (this.#payload && this.#revision > seen) reader.deliver(this.#payload, this.#revision)
    else if (this.#owed) this.#onWanted()
  }

  /**
   * The state behind the topic may have changed. `now` is monotonic, ms.
   * @returns bytes of the item that was encoded for it, 0 for none
   */
  refresh(now: number): number {
    this.#owed = true
    if (now - this.#renderedAt < this.#source.everyMs) return 0
    if (![...this.#readers].some((reader) => reader.ready())) return 0
    return this.#render(now)
  }

  #render(now: number): number {
    this.#owed = false
    this.#renderedAt = now
    let payload: Payload | 'unchanged'
    try {
      payload = this.#source.render()
    } catch (error) {
      for (const reader of this.#readers) reader.fail(error)
      return 0
    }
    if (payload === 'unchanged') return 0
    this.#payload = payload
    this.#revision += 1
    for (const reader of this.#readers) {
      if (reader.ready()) reader.deliver(payload, this.#revision)
    }
    return payload.bytes
  }
}

/** What walls ask for and no console does may take so much of one refresh, ms: the rest of it waits its turn. */
const WALLS_BUDGET_MS = 40

/** All topics that someone looks at; one without readers is forgotten together with its last item. */
export class Topics {
  readonly #topics = new Map<string, Topic>()
  readonly #onWanted: () => void
  readonly #elapsed: () => number

  /**
   * @param onWanted a reader waits for news: refresh soon
   * @param elapsed a clock that runs while items are put together, ms
   */
  constructor(onWanted: () => void, elapsed: () => number = () => performance.now()) {
    this.#onWanted = onWanted
    this.#elapsed = elapsed
  }

  get size(): number {
    return this.#topics.size
  }

  join(stream: string, source: TopicSource, reader: Reader): Membership {
    const key = `${stream} ${source.key}`
    const topic = this.#topics.get(key) ?? new Topic(source, this.#onWanted)
    this.#topics.set(key, topic)
    topic.add(reader)
    return {
      request: (seen) => topic.request(reader, seen),
      leave: () => {
        topic.remove(reader)
        if (topic.empty && this.#topics.get(key) === topic) this.#topics.delete(key)
      },
    }
  }

  /** @returns bytes encoded, for the engine's own counters */
  refresh(now: number): number {
    let bytes = 0
    const forWalls: Topic[] = []
    for (const topic of this.#topics.values()) {
      if (topic.forWallsAlone) forWalls.push(topic)
      else bytes += topic.refresh(now)
    }
    // Whoever has waited longest comes first, so that none is left out for good.
    forWalls.sort((a, b) => a.renderedAt - b.renderedAt)
    const until = this.#elapsed() + WALLS_BUDGET_MS
    for (const topic of forWalls) {
      if (this.#elapsed() < until) bytes += topic.refresh(now)
      else topic.postpone()
    }
    return bytes
  }
}

export interface Membership {
  request(seen: number): void
  leave(): void
}
