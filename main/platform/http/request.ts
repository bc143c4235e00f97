import { destinationOf } from './destination.ts'
import { keptBuffers } from './bodyBuffers.ts'
import type { ExchangeRequest } from './exchange.ts'
import { type Answer, wholeExchange, type WholeExchange } from './whole.ts'

export interface BoundedRequest
  extends Omit<ExchangeRequest, 'destination'>,
    Pick<WholeExchange<unknown>, 'maxBodyBytes' | 'maxInflatedBytes'> {
  /** http or https; user info is refused, because an address gets shown and logged. */
  readonly url: string | URL
}

export type BoundedResponse = Answer

/**
 * One HTTP exchange whose answer is kept: it cannot outlast its deadline nor outgrow its caps, whatever the other side
 * does. Any status but a redirect is an answer; the caller judges it.
 *
 * @throws RequestFailure; failure.ts puts it in words
 */
export async function boundedRequest({ url, ...request }: BoundedRequest): Promise<BoundedResponse> {
  const destination = destinationOf(url)
  return await wholeExchange({
    ...request,
    destination,
    buffers: keptBuffers,
    read: async (answer) => answer,
  }).result
}
