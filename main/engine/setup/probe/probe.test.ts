import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../platform/clock.ts'
import { createTargetParser } from '../../../sources/exposition/index.ts'
import { testAddress } from './probe.ts'
import { verdictOf } from './exporter.ts'

const options = { clock: systemClock, signal: new AbortController().signal }
const scrapes = new URL('../../../../../shared/data/', import.meta.url)

function parse(text: string) {
  return createTargetParser().parse(new TextEncoder().encode(text)).series
}

describe('trying an address', () => {
  it.each([
    ['a user name in it', { kind: 'exporter' as const, url: 'http://me:secret@127.0.0.1:9' }],
    ['a user name in it', { kind: 'prometheus' as const, url: 'http://me:secret@127.0.0.1:9' }],
    [
      'a token that is not there',
      { kind: 'prometheus' as const, url: 'http://127.0.0.1:9', bearer: { env: 'NO_SUCH_9' } },
    ],
    [
      'a certificate that is not there',
      { kind: 'exporter' as const, url: 'https://127.0.0.1:9', caFile: '/no/such.pem' },
    ],
    ['a port without a listener', { kind: 'exporter' as const, url: 'http://127.0.0.1:9' }],
    ['a metadata address', { kind: 'prometheus' as const, url: 'http://169.254.169.254' }],
  ])('refuses %s in plain words', async (_, probe) => {
    const verdict = await testAddress(probe, options)
    expect(verdict.ok).toBe(false)
    expect(verdict.title).not.toBe('')
    expect(verdict.nextStep).not.toBe('')
    expect(JSON.stringify(verdict)).not.toContain('secret@')
  })
})

describe('the verdict on an exporter', () => {
  it('counts boards and instances, and tells how the host is spelled', () => {
    const verdict = verdictOf(
      parse(`DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-a",hostname="h-1"} 40
DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-b",hostname="h-1",GPU_I_ID="1",GPU_I_PROFILE="1g.10gb"} 40
DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-b",hostname="h-1",GPU_I_ID="2",GPU_I_PROFILE="1g.10gb"} 40
`),
      [],
      12,
    )
    expect(verdict).toMatchObject({ ok: true, title: 'It answers in 12 ms: 2 GPUs on h-1.' })
    expect(verdict.details).toContain('Its host label is spelled hostname.')
    expect(verdict.details).toContain('2 MIG instances.')
    expect(verdict.details.join()).toContain('no profiling metrics')
  })

  it('does not take another exporter for one', () => {
    const verdict = verdictOf(parse('node_load1 0.3\n'), [], 3)
    expect(verdict).toMatchObject({ ok: false, title: expect.stringContaining('none of them is of a GPU') })
  })

  it.skipIf(!existsSync(scrapes))('reads real scrapes (needs ../shared/data beside the checkout)', () => {
    const verdict = verdictOf(parse(readFileSync(new URL('dcgm-a100-mig.prom', scrapes), 'utf8')), [], 5)
    expect(verdict).toMatchObject({
      ok: true,
      title: expect.stringMatching(/^It answers in 5 ms: \d+ GPUs? on /),
    })
    expect(verdict.details.join()).toContain('MIG instance')
  })
})
