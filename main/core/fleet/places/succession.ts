/**
 * Who speaks for what a source fed that does not answer any more: after a failover, or the rollout of an exporter, the
 * same boards come from another source. It speaks for a machine once it brings half of its boards; one board that a
 * second exporter brings too says nothing of the others.
 */
export class Succession {
  /** By the source that fell silent, by machine. */
  readonly #taken = new Map<number, Map<number, { successor: number; readonly boards: Set<number> }>>()
  /** Sources that fell silent, by whoever has taken boards of theirs. */
  readonly #predecessors = new Map<number, Set<number>>()

  /** `successor` brings a figure of a board that `feeder`, silent now, brought before. */
  take(feeder: number, successor: number, host: number, board: number): void {
    const hosts = this.#taken.get(feeder) ?? new Map<number, { successor: number; boards: Set<number> }>()
    this.#taken.set(feeder, hosts)
    const known = hosts.get(host)
    if (known?.successor === successor) known.boards.add(board)
    else hosts.set(host, { successor, boards: new Set([board]) })
    const before = this.#predecessors.get(successor)
    if (before) before.add(feeder)
    else this.#predecessors.set(successor, new Set([feeder]))
  }

  /** Whoever speaks for a machine in place of `feeder`; -1 where no other source has taken it over. */
  successorOf(feeder: number, host: number, boardsOfHost: number): number {
    const taken = this.#taken.get(feeder)?.get(host)
    return taken !== undefined && 2 * taken.boards.size >= boardsOfHost ? taken.successor : -1
  }

  /** Sources whose boards `successor` has taken since this was last asked. */
  takePredecessors(successor: number): Iterable<number> {
    const found = this.#predecessors.get(successor) ?? []
    this.#predecessors.delete(successor)
    return found
  }

  /** It answers again, or its number goes to another source. */
  forget(feeder: number): void {
    this.#taken.delete(feeder)
    this.#predecessors.delete(feeder)
  }
}
