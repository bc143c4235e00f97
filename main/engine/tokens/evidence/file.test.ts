import { describe, expect, it } from 'vitest'
import { csvOf } from './file.ts'

describe('csvOf', () => {
  it('writes exact figures, empty cells and quoted text', () => {
    const text = csvOf(
      ['model', 'tokens', 'amount'],
      [
        ['a "large", one', 9007199254740993n, '-1.20'],
        ['b', null, ''],
      ],
    )
    expect(text).toBe('model,tokens,amount\r\n"a ""large"", one",9007199254740993,-1.20\r\nb,,\r\n')
  })

  it('leaves no formula of a hostile name to a spreadsheet', () => {
    for (const name of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', ' =1', '\uFF1D1']) {
      expect(csvOf(['name'], [[name]])).toContain(`'${name}`)
    }
  })
})
