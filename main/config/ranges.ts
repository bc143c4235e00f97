/** A name pattern that cannot be expanded; the message is for people. */
export class NamePatternError extends Error {
  override readonly name = 'NamePatternError'
}

const RANGE = /^(\d{1,9})\.\.(\d{1,9})$/

interface Part {
  readonly length: number
  text(index: number): string
}

/**
 * `h-{0001..0003}` gives h-0001, h-0002, h-0003; several ranges in one name give every combination, the last one
 * fastest. A leading zero on either side pads all numbers to the wider side, as a shell does.
 * @param limit most names that may come out; counted before any is made, so a huge range costs nothing
 * @throws NamePatternError
 */
export function expandNames(pattern: string, limit: number): string[] {
  const parts = partsOf(pattern)
  const total = parts.reduce((product, part) => product * part.length, 1)
  if (total > limit) {
    throw new NamePatternError(
      `"${shown(pattern)}" stands for ${total} names, more than the ${limit} allowed`,
    )
  }
  return Array.from({ length: total }, (_, index) => {
    let rest = index
    let name = ''
    for (const part of parts.toReversed()) {
      name = part.text(rest % part.length) + name
      rest = Math.floor(rest / part.length)
    }
    return name
  })
}

function partsOf(pattern: string): Part[] {
  const parts: Part[] = []
  let from = 0
  while (from < pattern.length) {
    const open = pattern.indexOf('{', from)
    const literal = pattern.slice(from, open === -1 ? undefined : open)
    if (literal.includes('}')) {
      throw new NamePatternError(`"${shown(pattern)}" has a } without a { before it`)
    }
    if (literal !== '') parts.push({ length: 1, text: () => literal })
    if (open === -1) break
    const close = pattern.indexOf('}', open)
    if (close === -1) throw new NamePatternError(`"${shown(pattern)}" has a { that is not closed`)
    parts.push(rangeOf(pattern.slice(open + 1, close), pattern))
    from = close + 1
  }
  return parts
}

function rangeOf(inside: string, pattern: string): Part {
  const match = RANGE.exec(inside)
  if (match === null) {
    throw new NamePatternError(
      `"${shown(pattern)}": expected a range such as {0001..0008} between the braces, found {${shown(inside)}}`,
    )
  }
  const [, low = '', high = ''] = match
  const first = Number(low)
  const last = Number(high)
  if (last < first) {
    throw new NamePatternError(`"${shown(pattern)}": the range runs backwards, write {${high}..${low}}`)
  }
  const padded = /^0\d/.test(low) || /^0\d/.test(high)
  const width = padded ? Math.max(low.length, high.length) : 0
  return { length: last - first + 1, text: (index) => String(first + index).padStart(width, '0') }
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
