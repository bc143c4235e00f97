import {
  CLOSE_CODES,
  type LineEnd,
  PROOF_PROTOCOL,
  type Wire,
  WIRE_PATH,
  WIRE_PROTOCOL,
} from '../../shared/contract/wire.ts'
import { say } from '../../shared/messages/format.ts'
import type { ProofKeeper } from './proof.ts'

export function wireAddress(page: Pick<Location, 'protocol' | 'host'>): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}${WIRE_PATH}`
}

/** Codes of RFC 6455 and of Floorwatch's host, in words. 1006 is all that a browser tells of a failed connection. */
function closeWords({ code, reason }: Pick<CloseEvent, 'code' | 'reason'>): string {
  if (reason !== '') return reason
  if (code === 1006) return say('link.unreachable')
  if (code === 1001) return say('link.shuttingDown')
  return say('link.closedWithCode', { code })
}

const NEEDS_A_PERSON: ReadonlySet<number> = new Set([
  CLOSE_CODES.refused,
  CLOSE_CODES.unproved,
  CLOSE_CODES.revoked,
])

function endOf(code: number): LineEnd {
  return NEEDS_A_PERSON.has(code) ? 'refused' : 'lost'
}

/** What came with a stranger's link may be no token at all, and the browser would throw instead of connecting. */
function tokenOf(proof: string): string {
  return /^[\w-]*$/.test(proof) ? proof : ''
}

/** A line over a WebSocket to the host that served the page; its handshake carries the page's proof. */
export function webSocketWire(address: string, keeper: ProofKeeper): Wire {
  const socket = new WebSocket(address, [WIRE_PROTOCOL, `${PROOF_PROTOCOL}${tokenOf(keeper.proof())}`])
  socket.binaryType = 'arraybuffer'
  // The host sends nothing to a page before it has believed its proof.
  socket.addEventListener('message', () => keeper.accepted(), { once: true })
  socket.addEventListener('close', ({ code }) => {
    // Only where the proof itself was judged: a crowded or slow host must not cost the page its only proof.
    if (code === CLOSE_CODES.unproved) keeper.refused()
  })
  return {
    send(message) {
      socket.send(message)
    },
    onMessage(listener) {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        const { data } = event
        if (typeof data === 'string' || data instanceof ArrayBuffer) listener(data)
      })
    },
    onClose(listener) {
      socket.addEventListener('close', (event) => listener(closeWords(event), endOf(event.code)), {
        once: true,
      })
    },
    close() {
      socket.close(1000)
    },
  }
}
