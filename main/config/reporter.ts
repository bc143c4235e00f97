import type { ConfigDocument } from './document.ts'
import { keyOf } from './problems.ts'
import type { ConfigProblem } from './types.ts'

type Path = readonly PropertyKey[]

/** Of each: more are of no use, and each has to be found in the file. */
const MOST = 200

/** Collects what is wrong with a document, with places looked up by path. */
export class Reporter {
  readonly #document: ConfigDocument
  readonly errors: ConfigProblem[] = []
  readonly warnings: ConfigProblem[] = []

  constructor(document: ConfigDocument) {
    this.#document = document
  }

  error(path: Path, text: string, nextStep: string): void {
    if (this.errors.length < MOST) this.errors.push(this.#problem(path, text, nextStep))
  }

  warn(path: Path, text: string, nextStep: string): void {
    if (this.warnings.length < MOST) this.warnings.push(this.#problem(path, text, nextStep))
  }

  #problem(path: Path, text: string, nextStep: string): ConfigProblem {
    return { place: this.#document.placeOf(path), key: keyOf(path), text, nextStep }
  }
}
