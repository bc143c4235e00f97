/** One figure. `why` stands beside an aim: what keeps it from being reached, and what would reach it. */
export interface BenchRow {
  readonly name: string
  readonly value: string
  readonly aim?: string
  readonly reached?: boolean
  readonly why?: string
}

/** One table of `docs/benchmarks.md`. */
export interface BenchResult {
  readonly title: string
  readonly rows: BenchRow[]
  readonly notes: string[]
}

/** Figures whose aim was missed. */
export function missed(result: BenchResult): BenchRow[] {
  return result.rows.filter(({ reached }) => reached === false)
}

/** As it is printed to a terminal. */
export function formatResult(result: BenchResult): string {
  const width = Math.max(...result.rows.map(({ name }) => name.length))
  const valueWidth = Math.max(...result.rows.map(({ value }) => value.length))
  const lines = result.rows.map(({ name, value, aim, reached }) => {
    const judged = reached === undefined ? '' : reached ? 'reached' : 'MISSED'
    const aimed = aim === undefined ? '' : `  aim ${aim}  ${judged}`
    return `  ${name.padEnd(width)}  ${value.padStart(valueWidth)}${aimed}`.trimEnd()
  })
  return [
    result.title,
    ...lines,
    ...[...reasons(result), ...result.notes].map((note) => `  ${note}`),
    '',
  ].join('\n')
}

/** As it stands in docs/benchmarks.md. */
export function markdownOf(result: BenchResult): string {
  const judged = (reached: boolean | undefined) =>
    reached === undefined ? '' : reached ? 'reached' : '**missed**'
  return [
    `## ${result.title}`,
    '',
    '| | figure | aim | |',
    '|---|---:|---|---|',
    ...result.rows.map(
      ({ name, value, aim, reached }) => `| ${name} | ${value} | ${aim ?? ''} | ${judged(reached)} |`,
    ),
    '',
    ...[...reasons(result), ...result.notes].map((note) => `- ${note}`),
    '',
  ].join('\n')
}

function reasons(result: BenchResult): string[] {
  return missed(result).flatMap(({ name, why }) => (why === undefined ? [] : [`Missed, ${name}: ${why}`]))
}
