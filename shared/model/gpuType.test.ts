import { describe, expect, it } from 'vitest'
import { gpuTypeOf } from './gpuType.ts'

describe('gpuTypeOf', () => {
  it('finds the type in the model names of exporters', () => {
    expect(gpuTypeOf('NVIDIA H100 80GB HBM3').name).toBe('H100')
    expect(gpuTypeOf('NVIDIA GB200').name).toBe('GB200')
    expect(gpuTypeOf('NVIDIA L4').name).toBe('L4')
  })

  it('keeps the name of a board that it does not know', () => {
    expect(gpuTypeOf('NVIDIA X9000')).toMatchObject({ name: 'X9000', powerLimitWatts: 2000 })
    expect(gpuTypeOf('').name).toBe('unknown type')
  })

  it('finds the same again, also after more names than it remembers', () => {
    const before = gpuTypeOf('NVIDIA H100 80GB HBM3')
    for (let i = 0; i < 1000; i++) expect(gpuTypeOf(`board ${i}`).name).toBe(`board ${i}`)
    expect(gpuTypeOf('NVIDIA H100 80GB HBM3')).toEqual(before)
  })
})
