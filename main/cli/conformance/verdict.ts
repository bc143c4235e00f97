/** What one check found. `failed` breaks the contract; `warned` is allowed and worth a look; `skipped` was not asked. */
export type Outcome = 'passed' | 'failed' | 'warned' | 'skipped'

export interface Finding {
  readonly area: string
  readonly title: string
  readonly outcome: Outcome
  /** Where, what was expected and what came; '' for a plain pass. */
  readonly text: string
}

/** The contract is broken: says the place, what was expected and what came. */
export class Nonconformity extends Error {
  override readonly name = 'Nonconformity'
  constructor(place: string, expected: string, got: string) {
    super(`${place}: expected ${expected}, got ${shortened(got)}`)
  }
}

/** This back end, or this call of the suite, gives nothing to check. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable'
}

/** Allowed, but a console will show less or be slower for it. */
export class Worthwhile extends Error {
  override readonly name = 'Worthwhile'
}

const MARKS: Readonly<Record<Outcome, string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  warned: 'note',
  skipped: 'skip',
}

/** For a terminal: areas in their order, a line for each check, and one line that sums them up. */
export function verdictLines(backend: string, findings: readonly Finding[]): string[] {
  const lines: string[] = []
  let area = ''
  for (const finding of findings) {
    if (finding.area !== area) {
      area = finding.area
      lines.push('', area)
    }
    lines.push(`  ${MARKS[finding.outcome]}  ${finding.title}`)
    if (finding.text !== '') lines.push(`        ${finding.text}`)
  }
  const count = (outcome: Outcome) => findings.filter((finding) => finding.outcome === outcome).length
  const failed = count('failed')
  lines.push(
    '',
    `${backend}: ${failed === 0 ? 'conforms to the Metering API' : 'does NOT conform to the Metering API'}: ` +
      `${count('passed')} passed, ${failed} failed, ${count('warned')} noted, ${count('skipped')} skipped.`,
  )
  return lines.slice(1)
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 297)}…` : text
}
