import { describe, expect, it } from 'vitest'
import { GPU_TYPES, gpuTypeOf, isVirtual } from './gpuType.ts'

describe('gpuTypeOf', () => {
  it('finds the type in the model names of exporters', () => {
    expect(gpuTypeOf('NVIDIA H100 80GB HBM3').name).toBe('H100')
    expect(gpuTypeOf('NVIDIA GB200').name).toBe('GB200')
    expect(gpuTypeOf('NVIDIA L4').name).toBe('L4')
  })

  it('keeps the name of a board that it does not know', () => {
    expect(gpuTypeOf('NVIDIA X9000')).toEqual({
      name: 'X9000',
      boardPowerWatts: null,
      powerLimitWatts: null,
      memoryMebibytes: null,
    })
    expect(gpuTypeOf('').name).toBe('unknown type')
  })

  it('finds the same again, also after more names than it remembers', () => {
    const before = gpuTypeOf('NVIDIA H100 80GB HBM3')
    for (let i = 0; i < 1000; i++) expect(gpuTypeOf(`board ${i}`).name).toBe(`board ${i}`)
    expect(gpuTypeOf('NVIDIA H100 80GB HBM3')).toEqual(before)
  })

  it.each([
    ['NVIDIA H100 PCIe', 'H100', 350],
    ['NVIDIA H100 NVL', 'H100', 400],
    ['NVIDIA A100-PCIE-40GB', 'A100', 250],
    ['NVIDIA A100 80GB PCIe', 'A100', 300],
    ['NVIDIA A100-SXM4-80GB', 'A100', 400],
    ['Tesla V100-SXM2-32GB', 'V100', 300],
    ['NVIDIA L20', 'L20', 350],
    ['Tesla V100-PCIE-16GB', 'V100', 250],
    ['NVIDIA A30', 'A30', 165],
    ['NVIDIA A10', 'A10', 150],
    ['NVIDIA A2', 'A2', 60],
    ['NVIDIA L4', 'L4', 72],
    ['Tesla T4', 'T4', 70],
    ['NVIDIA H100 80GB HBM3', 'H100', 700],
    ['NVIDIA H200', 'H200', 700],
    ['NVIDIA H200 NVL', 'H200', 600],
    ['NVIDIA H800', 'H800', 700],
    ['NVIDIA H800 PCIe', 'H800', 350],
    ['NVIDIA H20', 'H20', 500],
    ['NVIDIA H20-3e', 'H20', 500],
    ['NVIDIA A800-SXM4-80GB', 'A800', 400],
    ['NVIDIA A800 80GB PCIe', 'A800', 300],
    ['NVIDIA GeForce RTX 5090', 'RTX 5090', 575],
    ['NVIDIA GeForce RTX 4090 D', 'RTX 4090', 425],
    ['NVIDIA GeForce RTX 3090', 'RTX 3090', 350],
    ['NVIDIA GeForce RTX 3090 Ti', 'RTX 3090', 450],
    ['NVIDIA B300 SXM6 AC', 'B300', 1100],
    ['NVIDIA A40', 'A40', 300],
    ['NVIDIA GeForce RTX 4090', 'RTX 4090', 450],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'RTX PRO 6000', 600],
    ['NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition', 'RTX PRO 6000', 300],
    ['NVIDIA A10G', 'A10G', null],
    // Spellings of the driver whose limit has not been confirmed.
    ['NVIDIA A100-SXM-64GB', 'A100', null],
    ['NVIDIA A800 40GB Active', 'A800', null],
    ['NVIDIA A800 80GB PCIe LC', 'A800', null],
    ['NVIDIA H100', 'H100', null],
    ['NVIDIA H800 NVL', 'H800', null],
    ['NVIDIA H20 NVL16', 'H20', null],
    ['Tesla V100-SXM3-32GB', 'V100', null],
    ['NVIDIA T4 32GB', 'T4', null],
    ['NVIDIA GeForce RTX 5090 D', 'RTX 5090', null],
    ['NVIDIA GB10', 'GB10', null],
    ['NVIDIA GeForce RTX 4090 Laptop GPU', 'GeForce RTX 4090 Laptop GPU', null],
  ])('knows what %s may draw', (model, name, watts) => {
    expect(gpuTypeOf(model)).toMatchObject({ name, boardPowerWatts: watts })
  })

  it.each([
    ['GRID A100-40C', 'vGPU A100-40C'],
    ['NVIDIA A40-48Q', 'vGPU A40-48Q'],
    ['NVIDIA H100XM-80C', 'vGPU H100XM-80C'],
    ['GRID A100D-4-40C', 'vGPU A100D-4-40C'],
    ['NVIDIA A100-1-5CME', 'vGPU A100-1-5CME'],
    ['GRID T4-1B4', 'vGPU T4-1B4'],
    ['NVIDIA RTX6000-Ada-48Q', 'vGPU RTX6000-Ada-48Q'],
  ])('calls %s a vGPU, which is no board and has no limit of one', (model, name) => {
    expect(isVirtual(model)).toBe(true)
    expect(gpuTypeOf(model)).toMatchObject({ name, boardPowerWatts: null, memoryMebibytes: null })
    expect(isVirtual(name)).toBe(true)
  })

  it('takes no board for a vGPU', () => {
    const boards = ['NVIDIA A100-SXM4-80GB', 'Tesla V100-PCIE-16GB', 'NVIDIA H20-3e', 'GRID K520', 'Tesla T4']
    expect([...boards, ...GPU_TYPES.map(({ name }) => name)].filter(isVirtual)).toEqual([])
  })
})
