import { expect, it } from 'vitest'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { sourceIn } from '../../../test/fixtures/sourceList.ts'
import { hostOf, sourceWords } from './stateNames.ts'

const error = (code: string): SourceHealth['error'] => ({ code, text: '', nextStep: '' })

it('says what is true of an answer: slow, partial, late and empty are four things', () => {
  const usual = { ...sourceIn('slow', 1, 0), warnings: [], error: null }
  expect(sourceWords(usual).word).toBe('slow')
  expect(sourceWords({ ...usual, warnings: ['one store did not answer'] }).word).toBe('partial')
  expect(sourceWords({ ...usual, state: 'failing', error: error('old') }).word).toBe('late')
  expect(sourceWords({ ...usual, state: 'failing', error: error('empty') }).word).toBe('empty')
  expect(sourceWords({ ...usual, state: 'failing', error: error('timeout') }).word).toBe('failing')
})

it('shows where a source is reached', () => {
  expect(hostOf('http://10.0.0.7:9400/metrics')).toBe('10.0.0.7:9400')
  expect(hostOf('targets.json')).toBe('targets.json')
})
