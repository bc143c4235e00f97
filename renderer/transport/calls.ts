import type { z } from 'zod'
import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  COMMANDS,
} from '../../shared/contract/contract.ts'
import type { Failure, WireRequest } from '../../shared/contract/wire.ts'
import { say, textOf } from '../../shared/messages/format.ts'
import { CallFailure } from './failure.ts'

/** How long an answer may take. Starting a demo factory or trying a slow address takes longer than reading. */
const DEADLINE_MS: Partial<Record<CommandName, number>> = { 'setup.demo': 90_000, 'setup.test': 45_000 }
const DEFAULT_DEADLINE_MS = 20_000

interface Pending {
  readonly name: CommandName
  readonly request: WireRequest
  sent: boolean
  readonly settle: (answer: { output: unknown } | CallFailure) => void
}

/** Calls under way on one line: each is answered, refused, aborted, too late or lost, and exactly one of them. */
export class Calls {
  readonly #pending = new Map<number, Pending>()
  readonly #nextId: () => number

  constructor(nextId: () => number) {
    this.#nextId = nextId
  }

  /** @param send puts it on the connection at once; null while connecting: it goes out with {@link flush}. */
  call<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    send: ((request: WireRequest) => void) | null,
    signal?: AbortSignal,
  ): Promise<CommandOutput<N>> {
    const parsed = COMMANDS[name].input.safeParse(input)
    if (!parsed.success) {
      const text = say('link.call.invalid', { call: name, problem: firstIssue(parsed.error) })
      return Promise.reject(new CallFailure('invalid', text, say('link.call.invalid.next')))
    }
    if (signal?.aborted === true) return Promise.reject(abortReason(signal))
    const id = this.#nextId()
    return new Promise((resolve, reject) => {
      const deadline = DEADLINE_MS[name] ?? DEFAULT_DEADLINE_MS
      const timer = setTimeout(() => settle(tooLate(name, deadline)), deadline)
      const abort = (): void => settle(signal === undefined ? null : abortReason(signal))
      const settle = (answer: { output: unknown } | Error | null): void => {
        if (!this.#pending.delete(id)) return
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        if (answer === null || answer instanceof Error) reject(answer)
        // Checked against the command's own schema in `result`.
        else resolve(answer.output as CommandOutput<N>)
      }
      const request: WireRequest = { t: 'call', id, name, input }
      const pending: Pending = { name, request, sent: false, settle }
      this.#pending.set(id, pending)
      signal?.addEventListener('abort', abort, { once: true })
      if (send !== null) {
        pending.sent = true
        send(request)
      }
    })
  }

  /** The connection is open: what was called while connecting goes out. */
  flush(send: (request: WireRequest) => void): void {
    for (const pending of this.#pending.values()) {
      if (pending.sent) continue
      pending.sent = true
      send(pending.request)
    }
  }

  /** @returns whether the id belongs to a call; an answer after its deadline belongs to none any more */
  result(id: number, output: unknown): boolean {
    const pending = this.#pending.get(id)
    if (pending === undefined) return false
    const parsed = COMMANDS[pending.name].output.safeParse(output)
    pending.settle(
      parsed.success
        ? { output: parsed.data }
        : new CallFailure(
            'answer',
            say('link.call.answer', { call: pending.name, problem: firstIssue(parsed.error) }),
            say('link.call.answer.next'),
          ),
    )
    return true
  }

  fail(id: number, { code, text, nextStep }: Failure): boolean {
    const pending = this.#pending.get(id)
    pending?.settle(new CallFailure(code, textOf(text), textOf(nextStep)))
    return pending !== undefined
  }

  /** The connection is gone. What was only waiting for it goes on waiting; what had been sent has an unknown outcome. */
  lost(): void {
    for (const { name, sent, settle } of this.#pending.values()) {
      if (!sent) continue
      const acts = COMMANDS[name].access === 'act'
      const text = acts ? say('link.call.lost.act', { call: name }) : say('link.call.lost', { call: name })
      settle(new CallFailure('line', text, acts ? say('link.call.lost.act.next') : say('link.tryAgain')))
    }
  }
}

/** "url: Invalid URL" of the first of possibly many complaints. */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return say('link.issue.contract')
  const path = issue.path.map(String).join('.')
  return `${path === '' ? say('link.issue.message') : path.slice(0, 120)}: ${issue.message.slice(0, 200)}`
}

function tooLate(name: CommandName, deadline: number): CallFailure {
  const acts = COMMANDS[name].access === 'act'
  return new CallFailure(
    'deadline',
    say('link.call.late', { call: name, seconds: Math.round(deadline / 1000) }),
    acts ? say('link.call.late.act.next') : say('link.tryAgain'),
  )
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new DOMException(say('link.call.aborted'), 'AbortError')
}
