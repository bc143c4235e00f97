import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'

/**
 * What connections of this host may there be before anybody proved anything: any program of this machine, and where
 * Floorwatch is bound wider any of the network, can open them. When there are too many the oldest goes, so that whoever
 * holds hundreds open or opens one after another never keeps a newcomer out; and those whose browser is known are apart,
 * so that strangers do not push them out. Lines that were proved are not counted at all: they have budgets of their own.
 */
export interface ConnectionLimits {
  /** Of which no request with a known cookie has come. */
  readonly strangers: number
  /** Of them, from one address of another machine. */
  readonly perAddress: number
  /** With a known cookie: files of admitted browsers, on up to six connections each. */
  readonly known: number
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = { strangers: 256, perAddress: 32, known: 256 }

/** Sets keep the order in which connections came, the oldest first. */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #strangers = new Set<Socket>()
  readonly #known = new Set<Socket>()
  readonly #perAddress = new Map<string, Set<Socket>>()

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
  }

  /** A connection that came just now. */
  add(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const ofAddress = this.#perAddress.get(address) ?? new Set<Socket>()
    this.#perAddress.set(address, ofAddress)
    // All users and programs of this machine have one address.
    if (!isLoopback(address)) makeRoom(ofAddress, this.#limits.perAddress)
    makeRoom(this.#strangers, this.#limits.strangers)
    ofAddress.add(socket)
    this.#strangers.add(socket)
    socket.once('close', () => {
      this.#forget(socket)
      ofAddress.delete(socket)
      if (ofAddress.size === 0 && this.#perAddress.get(address) === ofAddress)
        this.#perAddress.delete(address)
    })
  }

  /** A request with the cookie of an admitted browser came on it. */
  known(socket: Socket): void {
    if (!this.#strangers.delete(socket)) return
    this.#perAddress.get(socket.remoteAddress ?? '')?.delete(socket)
    makeRoom(this.#known, this.#limits.known)
    this.#known.add(socket)
  }

  /** It is the connection of an admitted screen. */
  proved(socket: Duplex): void {
    this.#forget(socket as Socket)
    this.#perAddress.get((socket as Socket).remoteAddress ?? '')?.delete(socket as Socket)
  }

  #forget(socket: Socket): void {
    this.#strangers.delete(socket)
    this.#known.delete(socket)
  }
}

/** Ends the oldest where there are as many as there may be. */
function makeRoom(sockets: Set<Socket>, most: number): void {
  for (const oldest of sockets) {
    if (sockets.size < most) return
    sockets.delete(oldest)
    oldest.destroy()
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address)
}
