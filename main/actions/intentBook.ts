import type { JsonValue } from '../core/audit/entry.ts'
import type { Audit } from '../audit/types.ts'
import { advance, type IntentEvent, type IntentState, isOpen } from '../core/throttles/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { StoreFailure } from '../store/failure.ts'
import type { Database, Store } from '../store/types.ts'
import { intentOfRow, rowOfIntent } from './kept.ts'
import type { KeptIntent } from './types.ts'

export interface IntentBookOptions {
  readonly store: Store
  readonly audit: Audit
  readonly clock: Clock
  readonly logger: Logger
}

/** Closed intents that are still shown, and those that a throttle of theirs may turn up for. */
const REMEMBERED_MS = 24 * 3_600_000
const MOST_REMEMBERED = 500

const ACTIONS: Readonly<Record<IntentEvent['kind'], string>> = {
  call: 'throttle.call',
  answer: 'throttle.answer',
  refusal: 'throttle.refusal',
  lost: 'throttle.noAnswer',
  restart: 'throttle.restart',
  found: 'throttle.found',
  absent: 'throttle.absent',
  overtaken: 'throttle.overtaken',
}

/**
 * What was decided about throttles, and what became of it. An intent and its audit entry reach the disk together before
 * anything is sent. What happens afterwards is remembered also while the disk takes nothing, and written as soon as it
 * does: what is in force is not forgotten because a disk is full.
 */
export class IntentBook {
  readonly #options: IntentBookOptions
  readonly #intents = new Map<string, KeptIntent>()
  readonly #verdicts = new Map<string, string>()
  readonly #unwritten: ((db: Database) => void)[] = []
  #loaded = false

  constructor(options: IntentBookOptions) {
    this.#options = options
  }

  /** Whether what an earlier engine left is known: before that nothing may be said of it. */
  get loaded(): boolean {
    return this.#loaded
  }

  /** Reads what an earlier engine left; does nothing where that is done, or where there is no store yet. */
  load(): void {
    const { store, logger, clock } = this.#options
    const db = this.#loaded ? null : store.database()
    if (db === null) return
    const rows = db
      .prepare(
        `SELECT * FROM throttle_intents WHERE step IN ('intended', 'calling', 'unknown') OR at > ? ORDER BY at DESC LIMIT ?`,
      )
      .all(clock.now() - REMEMBERED_MS, MOST_REMEMBERED)
    for (const row of rows.toReversed()) {
      try {
        const { intent, verdict } = intentOfRow(row)
        if (this.#intents.has(intent.id)) continue
        this.#intents.set(intent.id, intent)
        if (verdict !== null) this.#verdicts.set(intent.id, verdict)
      } catch (error) {
        logger.error({ err: error }, 'a kept intent of a throttle could not be read')
      }
    }
    this.#loaded = true
    for (const { id, state } of this.list()) {
      if (isOpen(state)) this.note(id, { kind: 'restart', at: clock.now() })
    }
  }

  /** @throws StoreFailure where it could not be kept: nothing may be sent then */
  begin(intent: KeptIntent): void {
    this.#options.store.write(true, (db) => {
      const row = rowOfIntent(intent)
      db.prepare(
        `INSERT INTO throttle_intents (id, at, act, tenant, throttle_id, content, step, state)
         VALUES (@id, @at, @act, @tenant, @throttle_id, @content, @step, @state)`,
      ).run(row)
      this.#audit(intent, 'throttle.intent', decidedOf(intent), db)
    })
    this.#intents.set(intent.id, intent)
    this.#forget()
  }

  /** The one moment between deciding and sending. @throws StoreFailure where it could not be kept: nothing may be sent */
  callBegins(id: string): void {
    const event = { kind: 'call', at: this.#options.clock.now() } as const
    const intent = this.#intents.get(id)
    if (intent === undefined) throw new Error('an intent was called that is not kept')
    const state = advance(intent.state, event)
    if (state === intent.state) throw new Error('an intent was called twice')
    const next = { ...intent, state }
    try {
      this.#options.store.write(true, (db) => this.#put(next, event, undefined, db))
    } catch (error) {
      if (error instanceof StoreFailure) this.note(id, { kind: 'restart', at: event.at })
      throw error
    }
    this.#intents.set(id, next)
  }

  /** What happened to it. Never fails: what cannot be written now is written later. */
  note(id: string, event: IntentEvent, facts?: JsonValue): IntentState | null {
    const intent = this.#intents.get(id)
    if (intent === undefined) return null
    const state = advance(intent.state, event)
    if (state === intent.state) return state
    const next: KeptIntent = {
      ...intent,
      state,
      throttleId: state.step === 'stored' ? state.throttleId : intent.throttleId,
    }
    this.#intents.set(id, next)
    // That it was looked for and is not there yet is no news; each look would be an entry.
    if (event.kind === 'absent' && state.step === 'unknown') return state
    this.#write((db) => this.#put(next, event, facts, db))
    return state
  }

  /** What the throttle of an intent was found to be; told once for each verdict. @returns whether it is news */
  verified(id: string, verdict: string, facts: JsonValue): boolean {
    const intent = this.#intents.get(id)
    if (intent === undefined || this.#verdicts.get(id) === verdict) return false
    this.#verdicts.set(id, verdict)
    this.#write((db) => {
      db.prepare('UPDATE throttle_intents SET verdict = ? WHERE id = ?').run(verdict, id)
      this.#audit(intent, `throttle.${verdict}`, facts, db)
    })
    return true
  }

  /** Writes what could not be written before. */
  flush(): void {
    const [first] = this.#unwritten
    if (first === undefined) return
    try {
      this.#options.store.write(true, (db) => {
        for (const write of this.#unwritten) write(db)
      })
      this.#unwritten.length = 0
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error
    }
  }

  /** Things that happened and are not on the disk yet. */
  get unwritten(): number {
    return this.#unwritten.length
  }

  get(id: string): KeptIntent | undefined {
    return this.#intents.get(id)
  }

  /** Oldest first: what is open, and what was decided lately. */
  list(): readonly KeptIntent[] {
    return [...this.#intents.values()]
  }

  #write(write: (db: Database) => void): void {
    if (this.#unwritten.length > 0) this.flush()
    if (this.#unwritten.length === 0) {
      try {
        this.#options.store.write(true, write)
        return
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error
        this.#options.logger.error({ err: error }, 'what became of a throttle could not be written yet')
      }
    }
    // In the order in which it happened.
    this.#unwritten.push(write)
  }

  #put(intent: KeptIntent, event: IntentEvent, facts: JsonValue | undefined, db: Database): void {
    const { id, throttle_id, step, state } = rowOfIntent(intent)
    db.prepare('UPDATE throttle_intents SET throttle_id = ?, step = ?, state = ? WHERE id = ?').run(
      throttle_id,
      step,
      state,
      id,
    )
    const after = { step, ...(facts === undefined ? {} : { facts }) }
    this.#audit(intent, ACTIONS[event.kind], after, db)
  }

  #audit(intent: KeptIntent, action: string, after: JsonValue, db: Database): void {
    const { person, origin } = intent.decider
    const byPerson = action === 'throttle.intent' || action === 'throttle.call'
    this.#options.audit.append(
      {
        actor: byPerson ? { id: person.id, name: person.name, role: person.role } : { system: 'throttles' },
        origin: byPerson ? origin : 'engine',
        action,
        target: intent.throttleId === null ? `tenant/${intent.tenant}` : `throttle/${intent.throttleId}`,
        after,
        ...(byPerson ? { reason: intent.reason } : {}),
        intentId: intent.id,
        ...(intent.incidentId === null ? {} : { incidentId: intent.incidentId }),
      },
      db,
    )
  }

  #forget(): void {
    const oldest = this.#options.clock.now() - REMEMBERED_MS
    for (const [id, { at, state }] of this.#intents) {
      if (this.#intents.size <= MOST_REMEMBERED && at >= oldest) return
      if (isOpen(state)) continue
      this.#intents.delete(id)
      this.#verdicts.delete(id)
    }
  }
}

function decidedOf({ act, tenant, scope, limits, wish, versionBefore }: KeptIntent): JsonValue {
  return {
    act,
    tenant,
    scope: { ...scope },
    limits: { ...limits },
    expiresAt: wish.expiresAt === null ? null : new Date(wish.expiresAt).toISOString(),
    versionBefore,
  }
}
