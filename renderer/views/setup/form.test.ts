import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyForm, MOST_EXPORTERS_TESTED, readForm, type SetupForm } from './form.ts'

const form = (more: Partial<SetupForm>): SetupForm => ({
  ...emptyForm('Europe/Paris'),
  siteName: 'Lyon 2',
  prometheusUrl: 'prometheus.example:9090',
  ...more,
})

describe('readForm', () => {
  it('adds the scheme that was left out and probes what will be saved', () => {
    const { draft, errors, probes } = readForm(
      form({ exporters: 'h-1:9400\n\n# spare\nh-1:9400\nhttps://h-2:9400/x,' }),
    )
    expect(errors).toEqual({})
    expect(draft?.prometheus?.url).toBe('http://prometheus.example:9090')
    expect(draft?.exporters).toEqual(['h-1:9400', 'https://h-2:9400/x'])
    expect(probes.map(({ kind, url }) => `${kind} ${url}`)).toEqual([
      'prometheus http://prometheus.example:9090',
      'exporter http://h-1:9400',
      'exporter https://h-2:9400/x',
    ])
  })

  it('carries secrets by reference alone', () => {
    expect(readForm(form({ auth: 'env', authReference: 'PROM_TOKEN' })).draft?.prometheus?.bearer).toEqual({
      env: 'PROM_TOKEN',
    })
    const pasted = readForm(form({ auth: 'env', authReference: 'eyJhbGciOi.J9.x' }))
    expect(pasted.draft).toBeNull()
    expect(pasted.errors.authReference).toContain('never the token itself')
    expect(readForm(form({ prometheusUrl: 'http://me:secret@prom:9090' })).errors.prometheusUrl).toContain(
      'secrets',
    )
  })

  it.each([
    [{ siteName: ' ' }, 'siteName'],
    [{ siteName: 'x'.repeat(81) }, 'siteName'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ prometheusUrl: 'ftp://x' }, 'prometheusUrl'],
    [{ prometheusUrl: 'not an address' }, 'prometheusUrl'],
    [{ prometheusUrl: '', exporters: '' }, 'prometheusUrl'],
    [{ auth: 'file', authReference: '' }, 'authReference'],
    [{ exporters: 'good:9400\nbad address' }, 'exporters'],
  ] as const)('refuses %j and says where', (more, field) => {
    const { draft, errors } = readForm(form(more))
    expect(draft).toBeNull()
    expect(errors[field]).toMatch(/\.$/)
  })

  it('names the line of a broken exporter', () => {
    expect(readForm(form({ exporters: 'good:9400\nbad address' })).errors.exporters).toContain(
      'Line 2, "bad address"',
    )
  })

  it('takes exporters alone, tries the first ones and counts all', () => {
    const exporters = Array.from({ length: 40 }, (_, index) => `h-${index}:9400`).join('\n')
    const { draft, probes, exporterCount } = readForm(form({ prometheusUrl: '', exporters }))
    expect(draft?.prometheus).toBeNull()
    expect([probes.length, exporterCount]).toEqual([MOST_EXPORTERS_TESTED, 40])
  })

  it('refuses more exporters than a form is for', () => {
    const exporters = Array.from({ length: 10_002 }, (_, index) => `h-${index}:9400`).join('\n')
    expect(readForm(form({ exporters })).errors.exporters).toContain('file_sd')
  })

  it('never throws, and gives either a draft or a reason', () => {
    assert(
      property(
        string(),
        string(),
        string(),
        string(),
        (siteName, prometheusUrl, exporters, authReference) => {
          const { draft, errors } = readForm(
            form({ siteName, prometheusUrl, exporters, authReference, auth: 'env' }),
          )
          expect(draft === null).toBe(Object.keys(errors).length > 0)
        },
      ),
    )
  })
})
