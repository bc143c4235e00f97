import { describe, expect, it } from 'vitest'
import type { Action } from '../keys/actions.ts'
import { paletteGroups } from './ranking.ts'
import { readRecent, rememberRecent } from './recent.ts'

const run = (): void => undefined
const action = (id: string, title: string, more: Partial<Action> = {}): Action => ({
  id,
  title,
  group: 'Go to',
  run,
  ...more,
})
const ACTIONS = [
  action('go.floor', 'Go to floor', { keywords: ['heat map'] }),
  action('go.sources', 'Go to source health', { keywords: ['prometheus'] }),
  action('theme.dark', 'Theme: dark', { group: 'Screen' }),
  action('inspect', 'Explain a figure', { keyboardOnly: true }),
  action('list.j', 'Next row', { documentedOnly: true }),
]
const titles = (query: string, recent: string[] = [], finders = [] as Parameters<typeof paletteGroups>[2]) =>
  paletteGroups(query, ACTIONS, finders, recent).map(({ title, actions }) => [
    title,
    actions.map(({ id }) => id),
  ])

describe('paletteGroups', () => {
  it('lists everything by group, what was chosen last first, and nothing twice', () => {
    expect(titles('', ['theme.dark', 'gone'])).toEqual([
      ['Recent', ['theme.dark']],
      ['Go to', ['go.floor', 'go.sources']],
    ])
  })

  it('finds by a few letters and by keywords, the best first', () => {
    expect(titles('gfl')[0]).toEqual(['Commands', ['go.floor']])
    expect(titles('prometheus')[0]?.[1]).toEqual(['go.sources'])
  })

  it('asks the finders, and bounds what they bring', () => {
    const many = Array.from({ length: 200 }, (_, index) => action(`host.${index}`, `h-${index}`))
    const [group] = paletteGroups('h-', [], [{ id: 'hosts', group: 'Hosts', find: () => many }], [])
    expect(group?.title).toBe('Hosts')
    expect(group?.actions).toHaveLength(50)
  })

  it('finds nothing for what is not there', () => {
    expect(titles('zzzz')).toEqual([])
  })
})

function storage(initial: string | null) {
  let text = initial
  return { getItem: () => text, setItem: (_: string, value: string) => void (text = value) }
}

describe('recent', () => {
  it('keeps the newest first, once each, eight at most', () => {
    const store = storage(null)
    for (const id of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) rememberRecent(store, id)
    expect(readRecent(store)).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'a'])
  })

  it.each(['nonsense', '{"a":1}', '[1,null,"ok"]', null])('survives %s in the storage', (text) => {
    expect(readRecent(storage(text))).toEqual(text === '[1,null,"ok"]' ? ['ok'] : [])
  })
})
