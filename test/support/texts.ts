import { readFileSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { parseSync } from 'vite'

/** A text as somebody may read it, and where it stands. */
export interface Text {
  readonly text: string
  /** From the root of the repository, with the line: `renderer/ui/drawer/Drawer.tsx:38`. */
  readonly at: string
}

export const ROOT = join(import.meta.dirname, '../..')

/** Every file of a folder with one of these endings, tests and their helpers left out; from the root. */
export function sourcesOf(folder: string, endings: readonly string[]): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .filter((name) => !/\.test\.tsx?$/.test(name) && !name.split(sep).includes('testing'))
    .map((name) => join(folder, name).split(sep).join('/'))
    .toSorted()
}

export function contentOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Every string, template part and JSX text of a TypeScript file; comments are not read by those who use the console. */
export function textsOf(path: string): Text[] {
  const source = contentOf(path)
  const { program, errors } = parseSync(path, source, { lang: path.endsWith('x') ? 'tsx' : 'ts' })
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message ?? ''}`)
  const texts: Text[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) return node.forEach(visit)
    const found: Node = node
    const text = textIn(found)
    if (text !== null) {
      const line = source.slice(0, found.start).split('\n').length
      texts.push({ text: text.replace(/\s+/g, ' '), at: `${path}:${line}` })
    }
    Object.values(node).forEach(visit)
  }
  visit(program)
  return texts
}

interface Node {
  readonly type?: string
  readonly start?: number
  readonly value?: unknown
}

function textIn({ type, value }: Node): string | null {
  if ((type === 'Literal' || type === 'JSXText') && typeof value === 'string') return value
  return type === 'TemplateElement' ? (value as { cooked: string }).cooked : null
}
