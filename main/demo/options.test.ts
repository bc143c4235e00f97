import { describe, expect, it } from 'vitest'
import { parseDemoArguments, USAGE, UsageError } from './options.ts'

/** Options whose word on the command line is another one. */
const WORDS: Readonly<Record<string, string>> = { collectMs: 'collect', checkAnswers: 'check-answers' }
const parse = (line: string) => parseDemoArguments(line === '' ? [] : line.split(' '))

describe('parseDemoArguments', () => {
  it('has defaults for everything', () => {
    expect(parse('')).toEqual({
      seed: 1,
      hosts: 132,
      gpus: 8,
      speed: 1,
      start: null,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      faults: '',
      dir: null,
      collectMs: 1000,
      counters: 'extended',
      gzip: false,
      mig: null,
      prometheus: null,
      checkAnswers: false,
    })
  })

  it('reads every option', () => {
    const line =
      '--seed 9 --hosts 2048 --gpus 4 --speed 60 --start 08:30 --timezone Europe/Berlin --faults none,hung ' +
      '--dir out --collect 500ms --counters standard --gzip --mig 3 --check-answers --prometheus http://127.0.0.1:9090'
    expect(parse(line)).toEqual({
      seed: 9,
      hosts: 2048,
      gpus: 4,
      speed: 60,
      start: { hour: 8, minute: 30 },
      timezone: 'Europe/Berlin',
      faults: 'none,hung',
      dir: 'out',
      collectMs: 500,
      counters: 'standard',
      gzip: true,
      mig: 3,
      prometheus: 'http://127.0.0.1:9090',
      checkAnswers: true,
    })
  })

  it.each([
    ['--hosts 0', /--hosts: expected a whole number from 1 to 9999, not "0"/],
    ['--hosts 1e3', /--hosts/],
    ['--gpus 9', /--gpus: expected a whole number from 1 to 8/],
    ['--speed 0', /--speed: expected a number above 0/],
    ['--speed fast', /--speed/],
    ['--start 24:00', /--start: expected a time such as 08:30/],
    ['--timezone Mars/Olympus', /--timezone: "Mars\/Olympus" is not an IANA zone/],
    ['--collect 5m', /--collect: expected a duration from 100ms to 600s/],
    ['--collect 10ms', /--collect/],
    ['--counters all', /--counters: expected standard or extended/],
    ['--prometheus ftp://x', /--prometheus/],
    ['--hostes 3', /--hostes/],
    ['extra', /extra/],
  ])('refuses %s in plain words', (line, text) => {
    expect(() => parse(line)).toThrow(UsageError)
    expect(() => parse(line)).toThrow(text)
  })

  it('names every option in the usage', () => {
    for (const name of Object.keys(parse(''))) {
      expect(USAGE).toContain(`--${WORDS[name] ?? name} `)
    }
  })
})
