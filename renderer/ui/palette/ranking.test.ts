import { describe, expect, it } from 'vitest'
import type { Action } from '../keys/actions.ts'
import { paletteGroups } from './ranking.ts'
import { readRecent, type Recent, rememberRecent } from './recent.ts'

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
const recently = (...ids: string[]): Recent[] => ids.map((id) => ({ id, title: id, group: '', to: null }))
const titles = (query: string, recent: Recent[] = [], finders = [] as Parameters<typeof paletteGroups>[2]) =>
  paletteGroups(query, ACTIONS, finders, recent).map(({ title, actions }) => [
    title,
    actions.map(({ id }) => id),
  ])

describe('paletteGroups', () => {
  it('lists everything by group, what was chosen last first, and nothing twice', () => {
    expect(titles('', recently('theme.dark', 'gone'))).toEqual([
      ['Recent', ['theme.dark']],
      ['Go to', ['go.floor', 'go.sources']],
    ])
  })

  it('remembers things with where they are, also when nothing offers them now', () => {
    const host = { id: 'host.h-1', title: 'h-1', group: 'Hosts', to: '#/floor?host=h-1' }
    const [group] = paletteGroups('', ACTIONS, [], [host])
    expect(group?.actions.map(({ title, to }) => [title, to])).toEqual([['h-1', '#/floor?host=h-1']])
  })

  it('finds by a few letters and by keywords, the best first', () => {
    expect(titles('gfl')[0]).toEqual(['Actions', ['go.floor']])
    expect(titles('prometheus')[0]?.[1]).toEqual(['go.sources'])
    // Letters far apart in a long title are no match.
    expect(paletteGroups('llama', [action('l', 'List what is abnormal, or all GPUs')], [], [])).toEqual([])
  })

  it('finds keys by what they do and by the key, and does not offer to press them as an action', () => {
    expect(titles('next row')).toEqual([['Keys', ['list.j']]])
    const [first] = paletteGroups('g f', [action('go.floor', 'Go to floor', { keys: 'g f' })], [], [])
    expect(first?.actions.map(({ id }) => id)).toEqual(['go.floor'])
  })

  it('puts the kind first of which something is called exactly so', () => {
    const hosts = { id: 'hosts', group: 'Hosts', find: () => [action('host', 'h-0100')] }
    const gpus = { id: 'gpus', group: 'GPUs', find: () => [action('gpu', 'h-0100 · GPU 0')] }
    expect(titles('h-0100', [], [gpus, hosts]).map(([title]) => title)).toEqual(['Hosts', 'GPUs'])
    expect(titles('h-0100 gpu 0', [], [hosts, gpus]).map(([title]) => title)[0]).toBe('GPUs')
  })

  it('asks the finders, bounds what they bring, says so, and keeps room for every kind that matches', () => {
    const many = (kind: string) =>
      Array.from({ length: 200 }, (_, index) => action(`${kind}.${index}`, `h-${index}`))
    const finder = (kind: string) => ({ id: kind, group: kind, find: () => many(kind) })
    const [group] = paletteGroups('h-', [], [finder('Hosts')], [])
    expect([group?.title, group?.actions.length, group?.more]).toEqual(['Hosts', 50, true])
    const both = paletteGroups('h-', [], [finder('Hosts'), finder('Racks')], [])
    expect(both.map(({ title, actions }) => [title, actions.length])).toEqual([
      ['Hosts', 6],
      ['Racks', 6],
    ])
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
    for (const id of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'h', 'i'])
      rememberRecent(store, { id, title: id, group: 'G', to: null })
    expect(readRecent(store).map(({ id }) => id)).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'a'])
  })

  it('leads to nothing but places of this page', () => {
    const kept = (to: string) =>
      readRecent(storage(JSON.stringify([{ id: 'a', title: 'a', group: '', to }])))[0]?.to
    expect(kept('#/floor?host=h-1')).toBe('#/floor?host=h-1')
    expect(kept('https://elsewhere.example/')).toBeNull()
    expect(kept('javascript:alert(1)')).toBeNull()
  })

  it.each(['nonsense', '{"a":1}', '[1,null,"old"]', null])('survives %s in the storage', (text) => {
    expect(readRecent(storage(text))).toEqual([])
  })
})
