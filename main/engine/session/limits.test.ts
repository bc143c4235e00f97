import { describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/contract/define.ts'
import { Places } from './limits.ts'
import { settle, start } from '../../../test/support/session.ts'
import { Topics } from './topic.ts'

describe('all screens of one role', () => {
  it('share a number of calls, and a call holds its place until its work is over', async () => {
    const places = { calls: new Places(1), subscriptions: new Places(1) }
    const [first, second] = [start('wall', {}, places), start('wall', {}, places)]
    const ask = (id: number) => ({ t: 'call', id, name: 'fleet.trend', input: {} })
    first.say(ask(1))
    first.hangUp()
    second.say(ask(1))
    expect(second.last()).toMatchObject({
      failure: { code: 'busy', text: 'All 1 requests that walls may have at once are taken.' },
    })
    first.gates[0]?.()
    await settle()
    second.say(ask(2))
    second.gates[0]?.()
    await settle()
    expect(second.last()).toMatchObject({ t: 'result', id: 2 })
  })

  it('share a number of subscriptions, which come back however one ends', () => {
    const places = { calls: new Places(1), subscriptions: new Places(1) }
    const [first, second] = [start('wall', {}, places), start('wall', {}, places)]
    const open = (id: number, name = 'fleet.topology', params = {}) => ({ t: 'open', id, name, params })
    first.say(open(1))
    second.say(open(1))
    expect(second.last()).toMatchObject({ failure: { code: 'busy' } })
    expect(second.session.subscriptions).toBe(0)

    const endings: [name: string, end: () => void][] = [
      ['closed', () => first.say({ t: 'close', id: 1 })],
      ['closed twice', () => first.say({ t: 'close', id: 1 })],
      ['refused', () => first.say(open(2, 'fleet.gpu', { host: 7 }))],
      ['broken', () => [first.say(open(3, 'console.status')), first.topics.refresh(1)]],
      ['its line ended', () => [first.say(open(4)), first.hangUp()]],
    ]
    for (const [name, end] of endings) {
      end()
      expect([name, places.subscriptions.take(), places.subscriptions.take()]).toEqual([name, true, false])
      places.subscriptions.give()
    }
  })
})

describe('a screen that floods', () => {
  it('is hung up on, and one that sends as much as it has to is not', () => {
    const { say, ended, state } = start('wall', { maxMessages: 100 })
    for (let i = 0; i < 1000; i++) {
      state.now += 100
      say({ t: 'ack', id: 1 })
    }
    expect(ended).toEqual([])
    for (let i = 0; i < 101; i++) say({ t: 'ack', id: 1 })
    expect(ended).toEqual(['the screen sends more than any screen has to'])
  })
})

describe('what walls alone look at', () => {
  const topicFor = (role: Role, key: string, topics: Topics, render: () => void) =>
    topics.join(
      'x',
      {
        key,
        everyMs: 0,
        render() {
          render()
          return { bytes: 1, write: () => '' }
        },
      },
      { role, ready: () => true, deliver: () => undefined, fail: () => undefined },
    )

  it('takes a share of each refresh, in turn, and consoles wait for none of it', () => {
    let spent = 0
    const topics = new Topics(
      () => undefined,
      () => spent,
    )
    const rendered: string[] = []
    const slow = (name: string) => () => {
      spent += 30
      rendered.push(name)
    }
    for (let i = 0; i < 4; i++) topicFor('wall', `wall ${i}`, topics, slow(`wall ${i}`))
    topicFor('console', 'console', topics, slow('console'))
    topicFor('wall', 'shared', topics, slow('shared'))
    topicFor('console', 'shared', topics, () => undefined)
    topics.refresh(1)
    topics.refresh(2)
    topics.refresh(3)
    const walls = rendered.filter((name) => name.startsWith('wall'))
    expect(walls).toEqual(['wall 0', 'wall 1', 'wall 2', 'wall 3', 'wall 0', 'wall 1'])
    expect(rendered.filter((name) => name === 'console')).toHaveLength(3)
    expect(rendered.filter((name) => name === 'shared')).toHaveLength(3)
  })
})
