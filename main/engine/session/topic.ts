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

/** All topics that someone looks at; one without readers is forgotten together with its last item. */
export class Topics {
  readonly #topics = new Map<string, Topic>()
  readonly #onWanted: () => void

  /** @param onWanted a reader waits for news: refresh soon */
  constructor(onWanted: () => void) {
    this.#onWanted = onWanted
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
    for (const topic of this.#topics.values()) bytes += topic.refresh(now)
    return bytes
  }
}

export interface Membership {
  request(seen: number): void
  leave(): void
}
