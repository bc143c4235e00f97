/** Questions to another process, each answered by its number or not in time. */
export class Questions<A> {
  readonly #open = new Map<number, (answer: A) => void>()
  #next = 1

  /**
   * @param put sends the question
   * @param late the text of the error where no answer comes within `deadlineMs`
   */
  ask(put: (id: number) => void, deadlineMs: number, late: string): Promise<A> {
    return new Promise((resolve, reject) => {
      const id = this.#next++
      const timer = setTimeout(() => {
        this.#open.delete(id)
        reject(new Error(late))
      }, deadlineMs)
      this.#open.set(id, (answer) => {
        clearTimeout(timer)
        this.#open.delete(id)
        resolve(answer)
      })
      put(id)
    })
  }

  /** An answer to no open question is ignored: it came too late. */
  answer(id: number, answer: A): void {
    this.#open.get(id)?.(answer)
  }
}
