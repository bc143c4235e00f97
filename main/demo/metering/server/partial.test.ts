import { describe, expect, it } from 'vitest'
import { usageSchema } from '../../../../shared/metering/usage.ts'
import { withMissing } from './partial.ts'
import { startTestApi, emptyReadings, START } from '../testing/api.ts'

describe('withMissing', () => {
  it('says what has not reported, in the words of the contract, only while it has not', async () => {
    let missing: string[] = []
    const test = await startTestApi({
      handlers: withMissing(
        emptyReadings(() => START),
        () => missing,
      ),
    })
    const usage = async () => {
      const path = '/v1/usage?from=2026-11-23T12:00:00Z&to=2026-11-23T13:00:00Z'
      return usageSchema.parse((await test.json(path)).body)
    }
    expect(await usage()).toMatchObject({ complete: true, missing: [] })
    missing = ['gw-south is silent.']
    const partial = await usage()
    expect(partial).toMatchObject({ complete: false, missing })
    expect(partial.series).toHaveLength(1)
    expect((await test.fetch('/v1/capabilities')).status).toBe(200)
    missing = []
    expect(await usage()).toMatchObject({ complete: true })
    await test.close()
  })
})
