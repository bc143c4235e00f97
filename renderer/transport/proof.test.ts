import { beforeEach, describe, expect, it } from 'vitest'
import { proofKeeper } from './proof.ts'

beforeEach(() => {
  localStorage.clear()
  history.replaceState(null, '', '/')
})

function arriveAt(address: string) {
  history.replaceState(null, '', address)
  return proofKeeper(window)
}

describe("the page's proof", () => {
  it('leaves the address at once and is kept for reloads and other tabs once it was taken', () => {
    const page = arriveAt('/#proof=abc')
    expect(location.href).not.toContain('abc')
    expect(page.proof()).toBe('abc')
    expect(localStorage).toHaveLength(0)
    page.accepted()
    expect(arriveAt('/').proof()).toBe('abc')
  })

  it('leaves the places in the console alone', () => {
    arriveAt('/#/tokens')
    expect(location.hash).toBe('#/tokens')
  })

  it('is not replaced by one that a stranger sent along with a link', () => {
    const good = arriveAt('/#proof=good')
    good.proof()
    good.accepted()
    const lured = arriveAt('/#proof=bad')
    expect(lured.proof()).toBe('bad')
    lured.refused()
    expect(lured.proof()).toBe('good')
    lured.accepted()
    expect(arriveAt('/').proof()).toBe('good')
  })

  it('is the newest of another tab where this one is refused', () => {
    const page = arriveAt('/#proof=old')
    page.proof()
    page.accepted()
    localStorage.setItem('floorwatch.proof', 'new')
    page.refused()
    expect(page.proof()).toBe('new')
  })

  it('lasts as long as the page where the browser forbids storage', () => {
    const forbid = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    const { location: at, history: past } = window
    history.replaceState(null, '', '/#proof=abc')
    const page = proofKeeper({
      location: at,
      history: past,
      localStorage: { getItem: forbid, setItem: forbid },
    })
    page.proof()
    page.accepted()
    expect(page.proof()).toBe('abc')
  })

  it('is empty where there is none', () => {
    expect(arriveAt('/').proof()).toBe('')
  })
})
