import { describe, expect, it } from 'vitest'
import { Refusal } from '../../session/refusal.ts'
import { whileDown } from './whileDown.ts'
import { said } from '../../../../shared/messages/message.ts'

const refusal = new Refusal('failed', said('Metering: connection refused by m:8080'), said('Start it.'))
const refused = () => Promise.reject(refusal)
const metered = { times: [1], of: 'metered' }
const served = { times: [1], of: 'served' }

describe('a question to a metering that may be down', () => {
  it('is answered by the metering as long as it answers, whatever was said of it before', async () => {
    expect(
      await whileDown(
        () => Promise.resolve(metered),
        () => served,
      ),
    ).toBe(metered)
  })

  it('is answered by the inference servers where the metering refuses and is known to be down', async () => {
    expect(await whileDown(refused, () => served)).toBe(served)
  })

  it.each([
    ['it is not known to be down', () => null],
    ['they remember nothing yet', () => ({ ...served, times: [] })],
    [
      'they cannot tell it',
      () => {
        throw new Refusal(
          'failed',
          said('Inference servers know no tenants.'),
          said('Choose another dimension (b).'),
        )
      },
    ],
  ])('is refused in the words of the metering where %s', async (_, instead) => {
    await expect(whileDown(refused, instead)).rejects.toBe(refusal)
  })

  it('does not hide a wrong question, nor a defect', async () => {
    const wrong = new Refusal('invalid', said('The time range is empty.'), said('Ask for another.'))
    await expect(
      whileDown(
        () => Promise.reject(wrong),
        () => served,
      ),
    ).rejects.toBe(wrong)
    await expect(
      whileDown(
        () => Promise.reject(new TypeError('x')),
        () => served,
      ),
    ).rejects.toThrow(TypeError)
  })
})
