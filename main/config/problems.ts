import type { ConfigPlace, ConfigProblem } from './types.ts'

/** Places that are printed; a file that is wrong everywhere need not fill the screen to say so. */
const MAX_SHOWN = 20

/** A configuration that was refused. `message` is the whole text for the person who wrote it; there is no stack in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const sorted = problems.toSorted(byPlace)
    super(describeProblems(sorted))
    this.problems = sorted
  }
}

/** One line per problem: `floorwatch.yaml:12:3: prometheus.refresh: what is wrong. What to do.` */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, MAX_SHOWN).map(describeProblem)
  const rest = problems.length - lines.length
  return rest > 0 ? [...lines, `... and ${rest} more.`].join('\n') : lines.join('\n')
}

export function describeProblem(problem: ConfigProblem): string {
  const { file, line, column } = problem.place
  const place = line > 0 ? `${file}:${line}:${column}` : file
  const key = problem.key === '' ? '' : `${problem.key}: `
  return `${place}: ${key}${problem.text}. ${problem.nextStep}`.trimEnd()
}

/** `inventory.floors[0].racks[2].gpus`; texts from the file are cut and lose their control characters. */
export function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === 'number') return `${key}[${part}]`
    const name = quoted(String(part))
    return key === '' ? name : `${key}.${name}`
  }, '')
}

/** Text from the file, fit to stand in a message on a terminal. */
export function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not reach a terminal
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?')
  return clean.length > 60 ? `${clean.slice(0, 57)}...` : clean
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return order(a.place) - order(b.place) || a.place.column - b.place.column
}

function order(place: ConfigPlace): number {
  return place.line
}
