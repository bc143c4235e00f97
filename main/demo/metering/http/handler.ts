import type { z } from 'zod'
import type { AnswerOf, OperationName, OPERATIONS } from '../../../../shared/metering/operations.ts'
import type { ProblemType } from '../../../../shared/metering/problem.ts'

type Parsed<S> = S extends z.ZodType ? z.output<S> : null
type SchemaOf<N extends OperationName, P extends 'query' | 'params' | 'body'> = (typeof OPERATIONS)[N][P]

/** A request after the server has checked it against the contract. */
export interface MeteringRequest<N extends OperationName> {
  readonly query: Parsed<SchemaOf<N, 'query'>>
  readonly params: Parsed<SchemaOf<N, 'params'>>
  readonly body: Parsed<SchemaOf<N, 'body'>>
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Who the bearer token belongs to. */
  readonly actor: string
  readonly requestId: string
}

export interface MeteringAnswer<N extends OperationName> {
  readonly body: AnswerOf<N>
  readonly etag?: string
  /** It was said before under the same Idempotency-Key; nothing was changed again. */
  readonly replayed?: boolean
}

export type Handler<N extends OperationName> = (request: MeteringRequest<N>) => MeteringAnswer<N>
/** Server-sent events are the server's own matter; every other operation has a handler. */
export type Handlers = { readonly [N in Exclude<OperationName, 'streamEvents'>]: Handler<N> }

/** A refusal of the contract, answered as application/problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly type: ProblemType
  readonly pointer: string | undefined
  constructor(type: ProblemType, detail: string, pointer?: string) {
    super(detail)
    this.type = type
    this.pointer = pointer
  }
}
