import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { english } from './english/index.ts'
import { ENGLISH, formatOf, languageOf, say, TAGS, textOf } from './format.ts'
import { type Message, message, type MessageId, said, type ValuesOf, withTexts } from './message.ts'
import type { ParameterOf } from './parameters.ts'

const ROOT = join(import.meta.dirname, '../..')
const ids = Object.keys(english) as MessageId[]

describe('a message', () => {
  it('takes exactly the parameters that its text names', () => {
    expectTypeOf<ValuesOf<'setup.title'>>().toEqualTypeOf<[]>()
    expectTypeOf<
      ParameterOf<'at {a} and {b, number}: {c, plural, one {# of {d}} other {# of {d}, at last}}'>
    >().toEqualTypeOf<'a' | 'b' | 'c' | 'd'>()
    expect(say('setup.connect.untested', { tested: 16, rest: 3 })).toBe(
      'The first 16 exporters are tested here, the other 3 once the site is connected.',
    )
    expect(say('setup.connect.untested', { tested: 1, rest: 3 })).toMatch(/^The first exporter is tested/)
  })

  it('holds another message, in the same language', () => {
    const line = message('setup.form.exporters.line', {
      line: 1200,
      address: 'ftp://h',
      problem: message('setup.form.address.protocol', { protocol: 'ftp:' }),
    })
    expect(textOf(line)).toBe('Line 1,200, "ftp://h": ftp:// is not supported. Expected http:// or https://.')
    const german = languageOf('de', {
      'setup.form.exporters.line': 'Zeile {line, number}, „{address}“: {problem}',
      'setup.form.address.protocol': '{protocol}// geht nicht.',
    })
    expect(textOf(line, german)).toBe('Zeile 1.200, „ftp://h“: ftp:// geht nicht.')
  })

  it('lists what stands for one parameter, as its language does', () => {
    const names = said('x')
    const listed = { ...names, values: { text: ['h-1', said('h-2'), 1000] } }
    expect(textOf(listed)).toBe('h-1, h-2 and 1,000')
    expect(textOf(listed, languageOf('de', {}))).toBe('h-1, h-2 und 1.000')
  })

  it('is another message than its text, for the compiler', () => {
    expectTypeOf<string>().not.toExtend<Message>()
    expectTypeOf<{ id: 'setup.unknown'; values: Record<string, string> }>().not.toExtend<Message>()
  })

  it('has its texts changed in every depth, by the name of their parameter, and nothing else', () => {
    const inner = message('setup.form.address.protocol', { protocol: 'b' })
    const line = message('setup.form.exporters.line', { line: 7, address: ['a', inner], problem: said('c') })
    const changed = withTexts(line, (text, parameter) => `${parameter}=${text}`)
    expect(changed).toEqual({
      id: line.id,
      values: {
        line: 7,
        address: ['address=a', { id: inner.id, values: { protocol: 'protocol=b' } }],
        problem: { id: 'general.said', values: { text: 'text=c' } },
      },
    })
  })

  it('is plain text where it is not shown on a page, and its parameters are never read as messages', () => {
    expect(say('setup.connect.saved', { path: '<b>{x}</b>' })).toBe(
      'Saved to <b>{x}</b>. The console is now connecting to the site.',
    )
  })
})

describe('the catalogue', () => {
  const trees = ids.map((id) => ({ id, tree: formatOf(ENGLISH, id).getAst() }))

  it('can be read whole, with no tag that is not known', () => {
    const tags = trees.flatMap(({ id, tree }) =>
      within(tree).flatMap((part) => (part.type === TYPE.tag ? [[id, part.value]] : [])),
    )
    expect(tags.filter(([, tag]) => !TAGS.includes(tag as (typeof TAGS)[number]))).toEqual([])
  })

  it('has no branch of one word alone, which the compiler would take for a parameter', () => {
    const bare = trees.flatMap(({ id, tree }) =>
      within(tree).flatMap((part) =>
        part.type === TYPE.plural || part.type === TYPE.select
          ? Object.values(part.options).flatMap(({ value }) =>
              value.length === 1 && value[0]?.type === TYPE.literal && !/[ #<]/.test(value[0].value)
                ? [id]
                : [],
            )
          : [],
      ),
    )
    expect(bare).toEqual([])
  })

  it('keeps each text in the file of its subject', () => {
    for (const file of readdirSync(join(import.meta.dirname, 'english')).filter(
      (name) => name !== 'index.ts',
    )) {
      const subject = file.replace('.ts', '')
      const text = readFileSync(join(import.meta.dirname, 'english', file), 'utf8')
      const foreign = [...text.matchAll(/^ {2}'([^']+)':/gm)].filter(
        ([, id]) => !id?.startsWith(`${subject}.`),
      )
      expect([file, foreign.map(([, id]) => id)]).toEqual([file, []])
    }
  })

  it('has no text that is never shown', () => {
    const source = sourceFiles(['main', 'renderer', 'shared'].map((folder) => join(ROOT, folder)))
    const isShown = (id: string) =>
      [[`'${id}'`], [`"${id}"`], ...templatesOf(id)].some((written) =>
        source.some((text) => written.every((part) => text.includes(part))),
      )
    const unused = ids.filter((id) => !isShown(id))
    expect(unused).toEqual([])
  })
})

/** How an id is written with one of its words from a variable, as its parts: "`a.${" and "}.c`" for a.b.c. */
function templatesOf(id: string): string[][] {
  const words = id.split('.')
  return words.slice(1).map((_, index) => {
    const tail = words.slice(index + 2)
    return [
      `\`${words.slice(0, index + 1).join('.')}.\${`,
      tail.length === 0 ? '}`' : `}.${tail.join('.')}\``,
    ]
  })
}

function within(tree: readonly MessageFormatElement[]): MessageFormatElement[] {
  return tree.flatMap((part) => {
    if (part.type === TYPE.tag) return [part, ...within(part.children)]
    if (part.type === TYPE.plural || part.type === TYPE.select)
      return [part, ...Object.values(part.options).flatMap(({ value }) => within(value))]
    return [part]
  })
}

function sourceFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) =>
          /\.tsx?$/.test(name) && !name.includes('.test.') && !parentPath.includes('messages/english'),
      )
      .map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8')),
  )
}
