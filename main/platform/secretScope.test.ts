import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readScopeEntry, secretScope } from './secretScope.ts'

const covers = (entry: string, address: string) => secretScope([], [readScopeEntry(entry)]).covers(address)

describe('where a secret may go', () => {
  it('is to the origins of the configuration alone where nothing else is said', () => {
    const scope = secretScope(['http://h-1:9400/metrics', 'https://sd.example/list'])
    for (const address of ['http://h-1:9400/other?x=y', 'https://sd.example:443/', 'https://SD.example/x']) {
      expect([address, scope.covers(address)]).toEqual([address, true])
    }
    for (const address of [
      'https://h-1:9400/metrics',
      'http://h-1:9401/metrics',
      'http://h-1.evil.example:9400/metrics',
      'http://sd.example/list',
      'file:///etc/passwd',
      'nonsense',
      '',
    ]) {
      expect([address, scope.covers(address)]).toEqual([address, false])
    }
  })

  it.each<[entry: string, inside: string[], outside: string[]]>([
    [
      '*.gpu.example.net:9400',
      ['http://h-1.gpu.example.net:9400/metrics', 'https://A.B.gpu.example.NET.:9400/'],
      [
        'http://gpu.example.net:9400/',
        'http://h-1.gpu.example.net/',
        'http://h-1.gpu.example.net.evil.example:9400/',
        'http://evilgpu.example.net:9400/',
        'http://h-1.gpu.example.net:94000/',
      ],
    ],
    ['https://*.gpu.example.net', ['https://h.gpu.example.net:1/'], ['http://h.gpu.example.net/']],
    ['h-1', ['http://h-1/', 'http://H-1:9400/'], ['http://h-10/', 'http://h-1.x/']],
    ['http://h-1:80', ['http://h-1/'], ['http://h-1:81/', 'https://h-1/', 'https://h-1:80/']],
    [
      '10.0.0.0/8',
      ['http://10.1.2.3:9400/', 'http://0x0a010203/', 'http://167838211/'],
      ['http://11.0.0.1/', 'http://10.0.0.1.evil.example/', 'http://[::ffff:10.0.0.1]/', 'http://[a00::]/'],
    ],
    ['10.1.2.3:9400', ['http://10.1.2.3:9400/'], ['http://10.1.2.4:9400/', 'http://10.1.2.3:9401/']],
    ['10.0.0.0/8:9400', ['http://10.1.2.3:9400/'], ['http://10.1.2.3:9401/']],
    ['fd00::/8', ['http://[fd00::1]:9400/'], ['http://[fe80::1]/', 'http://253.0.0.1/']],
    ['[fd00::1]:9400', ['http://[fd00::1]:9400/'], ['http://[fd00::2]:9400/', 'http://[fd00::1]/']],
  ])('%s', (entry, inside, outside) => {
    for (const address of inside) expect([address, covers(entry, address)]).toEqual([address, true])
    for (const address of outside) expect([address, covers(entry, address)]).toEqual([address, false])
  })

  it.each([
    '',
    '*',
    '*.',
    '**.example',
    'h-*.example',
    'h 1',
    'ftp://h-1',
    'http://u:p@h-1',
    'h-1/metrics',
    'h-1/8',
    'h-1:0',
    'h-1:65536',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0',
    '999.1.1.1',
    '*.1.2.3',
    ':9400',
    'http://',
  ])('is refused for "%s"', (entry) => {
    expect(() => readScopeEntry(entry)).toThrow(/./)
  })

  it('never covers another host for any text that is accepted', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 24, unit: fc.constantFrom(...'*.:/[]a-1h0@'.split('')) }),
        (entry) => {
          let read
          try {
            read = readScopeEntry(entry)
          } catch {
            return
          }
          expect(secretScope([], [read]).covers('https://elsewhere.example/')).toBe(false)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
