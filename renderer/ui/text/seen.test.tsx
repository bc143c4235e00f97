import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { seen } from './seen.ts'

afterEach(cleanup)

describe('every text of the page', () => {
  it('is made visible by the JSX runtime itself', () => {
    const name = 'h-1\u202e2-h\u200b'
    render(
      <p title={`${name}\nsecond line`} aria-label={name}>
        {name} and <b>{name}</b>
      </p>,
    )
    const shown = 'h-1‹U+202E›2-h‹U+200B›'
    const paragraph = screen.getByLabelText(shown)
    expect(paragraph.textContent).toBe(`${shown} and ${shown}`)
    expect(paragraph.title).toBe(`${shown}\nsecond line`)
  })

  it('costs nothing where there is nothing to mark', () => {
    const props = { title: 'h-0312', children: ['GPU ', 3, ' · 87 %'] }
    expect(seen('span', props)).toBe(props)
    const component = { name: 'a\u200b' }
    expect(seen(() => null, component)).toBe(component)
  })

  it('leaves what a person types, and what is no text', () => {
    const props = { value: 'a\u200b', href: '#/floor?gpu=a\u200b/3', children: null }
    expect(seen('input', props)).toBe(props)
  })
})
