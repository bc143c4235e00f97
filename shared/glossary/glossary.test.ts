import { describe, expect, it } from 'vitest'
import { explain, GLOSSARY } from './glossary.ts'
import { YIELD_TERMS } from './yield.ts'

const all = GLOSSARY.flatMap(({ title, terms }) =>
  Object.entries(terms).map(([id, term]) => ({ title, id, term })),
)

describe('the glossary', () => {
  it.each(GLOSSARY)('says each name once: $title', ({ terms }) => {
    const names = Object.values(terms).map(({ name }) => name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(all)('$title: $id is a sentence with a source', ({ term }) => {
    expect(term.meaning).toMatch(/^[A-Z].*[.]$/s)
    expect(term.source).not.toBe('')
    expect(term.source).not.toMatch(/[.]$/)
    if (term.formula !== undefined) expect(term.formula).not.toMatch(/[.]$/)
  })

  it('explains a figure by its meaning and formula, without the marks of the document', () => {
    expect(explain(YIELD_TERMS.tokensPerJoule)).toBe(
      'Tokens ÷ energy of the boards of the type. Formula: tokens per second ÷ board power in watts.',
    )
    expect(all.map(({ term }) => explain(term)).join('')).not.toContain('`')
  })
})
