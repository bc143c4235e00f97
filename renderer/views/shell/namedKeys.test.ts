import { describe, expect, it } from 'vitest'
import { SWITCHABLE_FIELDS } from '../../../shared/model/field.ts'
import { PERIOD_NAMES } from '../../state/workflows/periods.ts'
import { QUICK_ORDERS } from '../tenants/RankingControls.tsx'
import { RANGE_NAMES } from '../../state/tokens/ranges.ts'
import { PICTURE_KEYS } from '../floor/pictureKeys.ts'
import { pictureKey } from '../floor/picture/walking.ts'
import { keysNamedIn, keysNamedInMarkdown } from '../../../test/support/namedKeys.ts'
import { contentOf, sourcesOf, textsOf } from '../../../test/support/texts.ts'
import { VIEW_ENTRIES } from './views.ts'

/** How many digits each view gives a meaning to, from 1 on. */
const DIGITS: Readonly<Record<string, number>> = {
  floor: SWITCHABLE_FIELDS.length,
  tokens: RANGE_NAMES.length,
  tenants: Math.max(PERIOD_NAMES.length, QUICK_ORDERS.length),
}

/** Keys that a browser gives a meaning to itself: to move the focus, and to press what has it. */
const NATIVE = ['Tab', 'Enter', ' ']

/** Keys that the sources of a folder handle: offered as actions, or read by a component that has the focus. */
function handledIn(folder: string): Set<string> {
  const keys = new Set<string>()
  for (const path of sourcesOf(folder, ['.ts', '.tsx'])) {
    const source = contentOf(path)
    for (const [, key = ''] of source.matchAll(/\bkeys: '(?:\[Shift\]\+)?([^']+)'/g)) keys.add(key)
    for (const key of [...handlersIn(source), ...documentedIn(path)]) keys.add(key)
  }
  return keys
}

/** Keys that a component reads from the events of the element that has the focus. */
function handlersIn(source: string): string[] {
  const patterns = [
    /\bevent\.key === '([^']+)'/g,
    /\bcase '([^']+)':/g,
    /^\s+'?([A-Z][A-Za-z]+|[jk])'?: (?:\{ at|at |[^,]*(?:index|length|at|0|walk|'left'|'right'|'up'|'down'))/gm,
  ]
  return patterns.flatMap((pattern) => [...source.matchAll(pattern)].map(([, key = '']) => key))
}

/** Keys of the lists that `documentedKeys` is given. */
function documentedIn(path: string): string[] {
  return [...contentOf(path).matchAll(/^ {2}\['([^']+)', '/gm)].flatMap(([, keys = '']) => keys.split(' '))
}

const views = VIEW_ENTRIES.map(({ view }) => view)
const everywhere = new Set([
  ...handledIn('renderer/ui'),
  ...handledIn('renderer/views/shell'),
  ...VIEW_ENTRIES.map(({ letter }) => `g ${letter}`),
  ...NATIVE,
])
const inView = new Map<string, ReadonlySet<string>>(
  views.map((view) => [
    view,
    new Set([
      ...handledIn(`renderer/views/${view}`),
      ...Array.from({ length: DIGITS[view] ?? 0 }, (_, index) => String(index + 1)),
    ]),
  ]),
)
const anywhere = new Set([...everywhere, ...[...inView.values()].flatMap((keys) => [...keys])])

/** The view in which the messages of a subject are shown; what is shown in several views stands in none. */
const VIEW_OF_SUBJECT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['floor', 'gpu', 'host', 'findings'].map((subject) => [subject, 'floor'])),
  ...Object.fromEntries(['tokens', 'ranking', 'latency', 'servers'].map((subject) => [subject, 'tokens'])),
  ...Object.fromEntries(
    ['tenants', 'tenant', 'quota', 'noise', 'evidence', 'jobs', 'job', 'steps', 'step', 'icicle'].map(
      (subject) => [subject, 'tenants'],
    ),
  ),
  yields: 'yield',
  drift: 'yield',
  sources: 'sources',
  setup: 'setup',
  shell: 'shell',
}

/** Keys that work where a text of this file is read. */
function boundAt(path: string): ReadonlySet<string> {
  const subject = /^shared\/messages\/english\/(\w+)\.ts$/.exec(path)?.[1] ?? ''
  const view = VIEW_OF_SUBJECT[subject] ?? /^renderer\/(?:views|state)\/(\w+)\//.exec(path)?.[1] ?? ''
  const own = inView.get(view)
  return own === undefined ? (view === 'shell' ? everywhere : anywhere) : new Set([...everywhere, ...own])
}

const sources = ['renderer', 'main', 'shared'].flatMap((folder) => sourcesOf(folder, ['.ts', '.tsx']))
const manuals = ['README.md', ...sourcesOf('docs', ['operating.md', 'economics.md', 'configuration.md'])]

describe('the keys that texts name', () => {
  it('are read out of sentences', () => {
    expect(keysNamedIn('The list fills by itself; press g s to see how the sources are.')).toEqual(['g s'])
    expect(
      keysNamedIn('Choose another measure (m) or a longer range (1 to 3), or clear them (Esc).'),
    ).toEqual(['m', '1', '2', '3', 'Escape'])
    expect(keysNamedIn('Command palette (Ctrl K)')).toEqual(['$mod+k'])
    expect(keysNamedIn('a pod (a), 12 (of 40)')).toEqual(['a'])
    expect(keysNamedInMarkdown('On `w`, `1`–`2`, `Ctrl K`, `+`\n`−` and `staleAfter`')).toEqual([
      'w',
      '1',
      '2',
      '$mod+k',
      '+',
      '-',
    ])
  })

  it('all work where the text is read', () => {
    const named = sources.flatMap((path) =>
      textsOf(path).flatMap(({ text, at }) => keysNamedIn(text).map((key) => ({ key, at, path }))),
    )
    // That the walk finds texts at all: there are dozens.
    expect(named.length).toBeGreaterThan(30)
    expect(
      named.filter(({ key, path }) => !boundAt(path).has(key)).map(({ key, at }) => `${key} at ${at}`),
    ).toEqual([])
  })

  it.each(manuals)('all work that %s names', (path) => {
    const named = keysNamedInMarkdown(contentOf(path))
    if (path === 'docs/operating.md') expect(named.length).toBeGreaterThan(15)
    expect(named.filter((key) => !anywhere.has(key))).toEqual([])
  })

  it('lead to the view that the text speaks of', () => {
    const words: Readonly<Record<string, RegExp>> = {
      h: /source/i,
      y: /yield/i,
      e: /setup|connect/i,
      n: /tenant/i,
      t: /token/i,
      f: /floor/i,
      s: /slo|objective/i,
    }
    const texts = sources.flatMap(textsOf).filter(({ text }) => /\(g [a-z]\)|press g [a-z]/.test(text))
    expect(texts.length).toBeGreaterThan(8)
    for (const { text, at } of texts) {
      for (const [, letter = ''] of text.matchAll(/\bg ([a-z])\b/g)) {
        expect.soft(text, at).toMatch(words[letter] ?? /^no view has this letter$/)
      }
    }
  })
})

describe('the keys that the key map lists without binding them', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false }

  it('are understood by the floor picture', () => {
    for (const keys of PICTURE_KEYS.flatMap((entry) => (entry.keys ?? '').split(' '))) {
      const shiftKey = keys.startsWith('Shift+')
      const key = keys.replace('Shift+', '').replace('Space', ' ')
      expect.soft(pictureKey({ ...plain, key, shiftKey }), keys).not.toBeNull()
    }
  })

  it.each([
    ['renderer/ui/table/DataTable.tsx', ['renderer/ui/table/DataTable.tsx']],
    [
      'renderer/views/tokens/useTokensActions.ts',
      ['renderer/ui/chart/RankedBars.tsx', 'renderer/ui/chart/stacked/StackedChart.tsx'],
    ],
    [
      'renderer/views/floor/pictureKeys.ts',
      ['renderer/views/floor/picture/walking.ts', 'renderer/views/floor/picture/Legend.tsx'],
    ],
    [
      'renderer/views/tenants/workflows/JobView.tsx',
      [
        'renderer/state/workflows/treeKeys.ts',
        'renderer/views/tenants/workflows/Icicle.tsx',
        'renderer/views/tenants/workflows/StepTree.tsx',
      ],
    ],
  ])('are all those that are handled where %s lists them', (path, handlers) => {
    // Other names of a key that is listed.
    const also = new Set(['=', '_'])
    const listed = new Set(documentedIn(path).map((key) => key.replace('Space', ' ')))
    const handled = [
      ...new Set(
        handlers
          .flatMap((file) => handlersIn(contentOf(file)))
          .filter((key) => /^(.|[A-Z][a-zA-Z]+)$/.test(key)),
      ),
    ]
    expect(handled.length).toBeGreaterThan(3)
    expect(handled.filter((key) => !listed.has(key) && !also.has(key))).toEqual([])
  })

  it.each([
    ['renderer/ui/table/DataTable.tsx', 'renderer/ui/table'],
    ['renderer/views/tokens/useTokensActions.ts', 'renderer/ui/chart'],
  ])('are handled beside %s', (path, handlers) => {
    const listed = documentedIn(path)
    expect(listed.length).toBeGreaterThan(2)
    const handled = handledIn(handlers)
    expect(listed.filter((key) => !handled.has(key))).toEqual([])
  })
})
