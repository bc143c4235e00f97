import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { GLOSSARY_PAGE, glossaryPage } from '../tools/glossary/page.ts'

it('docs/glossary.md is what shared/glossary says (npm run glossary)', () => {
  expect(readFileSync(GLOSSARY_PAGE, 'utf8')).toBe(glossaryPage())
})
