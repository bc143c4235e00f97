import { describe, expect, it } from 'vitest'
import { literalsIn, literalsOf } from '../support/literals.ts'
import { sourcesOf } from '../support/texts.ts'

/** What may stand where it is shown, and why. */
const ALLOWED: readonly (readonly [path: string, text: RegExp, why: string])[] = [
  [
    'renderer/views/setup/ConnectForm.tsx',
    /^(Lyon 2|[A-Z_]+|\/etc\/.+|http:.+|gpu-host-.+)$/,
    'an example to type',
  ],
  ['renderer/views/shell/StatusBar.tsx', /^UTC$/, 'the name of a time zone'],
  ['renderer/state/yield/assumptions.ts', /^money$/, 'stands for the currency'],
  ['renderer/views/incidents/Timeline.tsx', /^more$/, 'the name of a glyph'],
  ['renderer/draw/colour.ts', /^#/, 'a colour'],
  ['renderer/ui/theme/colours.ts', /^--/, 'a colour'],
  ['renderer/draw/picture.ts', /sans-serif/, 'a font'],
  ['renderer/views/floor/picture/FloorPicture.tsx', /sans-serif/, 'a font'],
  ['renderer/views/tenants/workflows/Icicle.tsx', /sans-serif/, 'a font'],
]

describe('a text that is written where it is shown', () => {
  it.each([
    ['<p>Not yet.</p>', 'Not yet.'],
    ['<p>{on ? <b /> : `${name} is off`}</p>', 'is off'],
    ['<Tile label={kind + " tokens"} />', 'tokens'],
    ['<Figure reason={why ?? "No sample has come."} />', 'No sample has come.'],
    ['useActions([{ id: "a", title: "Go there" }])', 'Go there'],
  ])('is found in %s', (source, text) => {
    expect(literalsIn(source, 'x.tsx').map((found) => found.text)).toEqual([text])
  })

  it('is no class, no id, no key and no unit', () => {
    expect(literalsIn('<Figure className="big red" id="figure" unit="tok" kind="count" />', 'x.tsx')).toEqual(
      [],
    )
    expect(literalsIn('<p>{say("setup.title")} · {items.map(String)}</p>', 'x.tsx')).toEqual([])
  })
})

it('stands nowhere in the screens: all of them are messages of the catalogue', () => {
  const found = sourcesOf('renderer', ['.ts', '.tsx'])
    .flatMap(literalsOf)
    .filter(({ text, at }) => !ALLOWED.some(([path, may]) => at.startsWith(`${path}:`) && may.test(text)))
    .map(({ text, at }) => `${at}: ${text}`)
  expect(found).toEqual([])
})

it('is allowed only where it is', () => {
  const stale = ALLOWED.filter(([path, may]) => !literalsOf(path).some(({ text }) => may.test(text)))
  expect(stale.map(([path]) => path)).toEqual([])
})
