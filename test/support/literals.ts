import { parseSync } from 'vite'
import { contentOf, type Text } from './texts.ts'

/** Attributes of elements and components that end up on the screen or are spoken. `unit` is not: units are symbols. */
const SHOWN_ATTRIBUTES = new Set(
  (
    'aria-label aria-description aria-roledescription aria-valuetext alt placeholder title subtitle label heading ' +
    'hint note by meaning empty never none reason nextStep unavailable source waiting asking error summary'
  ).split(' '),
)

/** Properties of objects by which texts reach the screen: columns, actions, options, figures. */
const SHOWN_PROPERTIES = new Set(
  'title label hint note group word words many first meaning explanation reason nextStep text source short head'.split(
    ' ',
  ),
)

/** Texts of a source file that people read and that are written where they are shown, instead of in the catalogue. */
export function literalsIn(source: string, path: string): Text[] {
  const { program, errors } = parseSync(path, source, { lang: path.endsWith('x') ? 'tsx' : 'ts' })
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message ?? ''}`)
  const found: Text[] = []
  const take = (value: unknown): void => {
    for (const { text, start } of written(value as Node | null)) {
      const line = source.slice(0, start).split('\n').length
      if (/\p{L}/u.test(text.replace(/&\w+;/g, '')))
        found.push({ text: text.trim().replace(/\s+/g, ' '), at: `${path}:${line}` })
    }
  }
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) return node.forEach(visit)
    const one = node as Node
    if (one.type === 'JSXElement' || one.type === 'JSXFragment') one.children?.forEach(take)
    if (one.type === 'JSXAttribute' && SHOWN_ATTRIBUTES.has(one.name?.name ?? '')) take(one.value)
    if (one.type === 'Property' && SHOWN_PROPERTIES.has(one.key?.name ?? '')) take(one.value)
    Object.values(node).forEach(visit)
  }
  visit(program)
  return found
}

export const literalsOf = (path: string): Text[] => literalsIn(contentOf(path), path)

interface Node {
  readonly type: string
  readonly start: number
  readonly value?: unknown
  readonly name?: { readonly name?: string }
  readonly key?: { readonly name?: string }
  readonly children?: readonly Node[]
  readonly expression?: Node
  readonly quasis?: readonly { readonly start: number; readonly value: { readonly cooked: string } }[]
  readonly consequent?: Node
  readonly alternate?: Node
  readonly left?: Node
  readonly right?: Node
  readonly elements?: readonly Node[]
}

/** What an expression can be, as far as it is written there: calls and names stand for other places. */
function written(node: Node | null | undefined): readonly { text: string; start: number }[] {
  if (node === null || node === undefined) return []
  const { type, start, value } = node
  if (type === 'JSXText' || type === 'Literal')
    return typeof value === 'string' ? [{ text: value, start }] : []
  if (type === 'TemplateLiteral')
    return (node.quasis ?? []).map((part) => ({ text: part.value.cooked, start: part.start }))
  if (type === 'ArrayExpression') return (node.elements ?? []).flatMap(written)
  if (type === 'LogicalExpression' && node.left?.type !== 'Literal') return written(node.right)
  const parts = [node.expression, node.consequent, node.alternate, node.left, node.right]
  return WITH_PARTS.has(type) ? parts.flatMap(written) : []
}

const WITH_PARTS = new Set([
  'JSXExpressionContainer',
  'ParenthesizedExpression',
  'ConditionalExpression',
  'LogicalExpression',
  'BinaryExpression',
  'TSAsExpression',
])
