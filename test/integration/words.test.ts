import { expect, it } from 'vitest'
import { english } from '../../shared/messages/english/index.ts'
import { sourcesOf, textsOf } from '../support/texts.ts'

/** Words that read like a translation, and what an operator would say. */
const AVOIDED: readonly (readonly [words: RegExp, instead: string])[] = [
  [/\banew\b/i, 'again, or a verb with re-'],
  [/\bin vain\b/i, 'wasted'],
  [/\bnobody\b/i, 'no one, or that it is not known'],
  [/\bunsaid\b/i, 'not answered'],
  [/\bleft alone\b/i, 'not asked'],
  [/\b(tells?|told) .{0,40}\bapart\b/i, 'distinguish'],
  [/\bleads? to no GPU\b/i, 'not mapped to a GPU'],
  [/\bthe line (is|was) (lost|gone|closed)\b|\blost line\b/i, 'lost connection to the engine'],
  [/\bheld down by heat\b/i, 'thermal throttling'],
]

it('the messages of the catalogue are in an operator’s words', () => {
  expect(Object.entries(english).flatMap(([id, text]) => avoidedIn(text, id))).toEqual([])
})

it.each(['shared', 'main', 'renderer'])('the texts of %s are in an operator’s words', (folder) => {
  const found = sourcesOf(folder, ['.ts', '.tsx'])
    .flatMap(textsOf)
    // Ids of messages are read by engineers alone.
    .filter(({ text }) => !Object.hasOwn(english, text))
  expect(found.flatMap(({ text, at }) => avoidedIn(text, at))).toEqual([])
})

function avoidedIn(text: string, at: string): string[] {
  return AVOIDED.filter(([words]) => words.test(text)).map(
    ([words, instead]) => `${at}: ${words.exec(text)?.[0] ?? ''}: say ${instead}`,
  )
}
