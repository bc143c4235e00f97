import { type Message, message } from '../../shared/messages/message.ts'
import type { Proof } from '../core/throttles/index.ts'

/** What is the case with a throttle, and what a person does next; null where nothing has to be done. */
export function wordsOf(
  { verdict, reported, observed }: Proof,
  { source, maxPropagationSeconds }: { readonly source: string; readonly maxPropagationSeconds: number },
): { readonly headline: Message; readonly nextStep: Message | null } {
  const of = reported.gateways.length
  const counts = { inForce: reported.inForce, of }
  const missing = reported.gateways.filter(({ inForce }) => !inForce).map(({ gateway }) => gateway)
  switch (verdict) {
    case 'waiting':
      return told('waiting', message('throttles.next.waiting', { source }))
    case 'applying':
      return { headline: message('throttles.headline.applying', counts), nextStep: null }
    case 'partial':
      return {
        headline: message('throttles.headline.partial', { ...counts, seconds: maxPropagationSeconds }),
        nextStep: message('throttles.next.partial', { gateways: missing.slice(0, 10) }),
      }
    case 'failed':
      return {
        headline: message('throttles.headline.failed', { of, seconds: maxPropagationSeconds }),
        nextStep: message('throttles.next.failed'),
      }
    case 'disobeyed':
      return {
        headline: message('throttles.headline.disobeyed', { rate: Math.round(observed.rate?.tokens ?? 0) }),
        nextStep: message('throttles.next.disobeyed'),
      }
    case 'reported':
      return { headline: message('throttles.headline.reported', counts), nextStep: observing(observed.state) }
    case 'untested':
      return told('untested', message('throttles.next.untested'))
    default:
      return told(verdict, null)
  }
}

function told(
  verdict: 'waiting' | 'untested' | 'enforced' | 'released' | 'expired',
  nextStep: Message | null,
) {
  return { headline: message(`throttles.headline.${verdict}`), nextStep }
}

/** Why the traffic has shown nothing yet. */
function observing(state: Proof['observed']['state']): Message {
  return state === 'lagging' || state === 'unmeasured'
    ? message(`throttles.observing.${state}`)
    : message('throttles.observing.early')
}
