import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import { type MeteringDemo, startMeteringDemo } from '../support/meteringDemo.ts'
import { changed, startMutilator } from '../support/mutilator.ts'
import { watchEngine } from '../support/watchedEngine.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** Members of the Metering API whose text is the name of something. */
const NAMES = new Set(['tenant', 'model', 'endpoint', 'name', 'id'])

/** How a back end may make the token that it was asked with a part of its names. */
const ECHOES: readonly [string, (token: string, name: string) => string][] = [
  ['as it is', (token, name) => `${name} ${token}`],
  ['in base64', (token, name) => `${name} ${Buffer.from(`Bearer ${token}`).toString('base64')}`],
  ['in hexadecimal', (token, name) => `${name}-${Buffer.from(token).toString('hex')}`],
]

describe.each(ECHOES)('a metering that repeats its token in names %s', (_, echo) => {
  it('is shown, given out and logged without it', async () => {
    const demo: MeteringDemo = await startMeteringDemo()
    cleanups.push(() => demo.stop())
    let answers = 0
    const mutilator = await startMutilator(demo.url, {
      answer(asked, answered) {
        if (answered.status !== 200 || asked.path.endsWith('/capabilities')) return answered
        answers += 1
        const text = changed(answered.text, (name, value) =>
          NAMES.has(name) && typeof value === 'string' ? echo(demo.token, value) : value,
        )
        return { ...answered, text }
      },
    })
    cleanups.push(() => mutilator.close())
    const logged: string[] = []
    const { screen, close } = watchEngine(
      readConfig(
        `version: 1
site: { name: Test hall }
exporters: { static: ["127.0.0.1:9"] }
metering: { url: "${mutilator.url}", bearer: { file: "${demo.tokenPath}" }, refresh: 1s }
`,
        'floorwatch.yaml',
      ),
      { log: (line) => void logged.push(line) },
    )
    cleanups.push(close)
    const tenants = await screen
      .watch('tokens.tenants', {})
      .until('tenants are there', ({ names }) => names.length > 1)
    const overview = await screen
      .watch('tokens.overview', { filters: {}, limit: 50 })
      .until('models', () => true)
    const health = await screen.watch('sources.health', {}).until('any', () => true)
    const keys = await screen.call('tokens.keys', { tenant: tenants.ids[0] ?? '' }).catch(String)
    expect(answers).toBeGreaterThan(0)
    const shown = JSON.stringify([tenants, overview, health, keys]) + logged.join('')
    expect(shown).toContain('[hidden]')
    for (const trace of [
      demo.token,
      Buffer.from(demo.token).toString('hex'),
      Buffer.from(`Bearer ${demo.token}`).toString('base64').slice(12, 40),
    ]) {
      expect(shown).not.toContain(trace)
    }
  })
})
