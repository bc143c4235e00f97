import { describe, expect, it } from 'vitest'
import { supersededTargets } from './superseded.ts'

const row = (instance: string, uuid: string) =>
  new Map([
    ['instance', instance],
    ['UUID', uuid],
  ])
const BOTH = [row('old:1', 'GPU-1'), row('old:1', 'GPU-2'), row('new:1', 'GPU-1'), row('new:1', 'GPU-2')]
const NOW = 1_000_000

describe('a target whose GPUs another one shows', () => {
  it('is left out once the other has newer samples of all of them', () => {
    const times = new Map([
      ['old:1', NOW - 30_000],
      ['new:1', NOW],
    ])
    expect(supersededTargets(BOTH, times, () => 1000)).toEqual(['old:1'])
  })

  it('stays while both answer, within the pause between two samples', () => {
    const times = new Map([
      ['old:1', NOW - 30_000],
      ['new:1', NOW],
    ])
    expect(supersededTargets(BOTH, times, () => 60_000)).toEqual([])
    expect(
      supersededTargets(
        BOTH,
        new Map([
          ['old:1', NOW - 5000],
          ['new:1', NOW],
        ]),
        () => 1000,
      ),
    ).toEqual([])
  })

  it('stays where one of its GPUs is its own, or where it is as new', () => {
    const times = new Map([
      ['old:1', NOW - 30_000],
      ['new:1', NOW],
    ])
    expect(supersededTargets([...BOTH, row('old:1', 'GPU-3')], times, () => 1000)).toEqual([])
    expect(
      supersededTargets(
        BOTH,
        new Map([
          ['old:1', NOW],
          ['new:1', NOW],
        ]),
        () => 1000,
      ),
    ).toEqual([])
  })

  it('says nothing of targets without a name or a sample', () => {
    expect(
      supersededTargets(
        [row('', 'GPU-1'), row('new:1', 'GPU-1')],
        new Map([
          ['', 0],
          ['new:1', NOW],
        ]),
        () => 1000,
      ),
    ).toEqual([])
    expect(supersededTargets(BOTH, new Map([['new:1', NOW]]), () => 1000)).toEqual([])
  })
})
