import { describe, expect, it } from 'vitest'
import { normaliseLabels, type ExporterTarget } from './labels.ts'

const normal = (labels: Record<string, string>, own?: ExporterTarget) =>
  Object.fromEntries(normaliseLabels(new Map(Object.entries(labels)), own))

const own: ExporterTarget = {
  instance: '10.0.0.1:9400',
  job: 'gpu',
  pod: 'metrics-x7k2',
  namespace: 'observability',
  container: 'main',
}

describe('normaliseLabels', () => {
  it('accepts either spelling of host, UUID and model', () => {
    expect(normal({ hostname: 'h-1', gpu_uuid: 'GPU-1', model_name: 'NVIDIA H100', gpu: '0' })).toEqual({
      Hostname: 'h-1',
      UUID: 'GPU-1',
      modelName: 'NVIDIA H100',
      gpu: '0',
    })
  })

  it('lets the first spelling win when both are there', () => {
    expect(normal({ Hostname: 'right', hostname: 'wrong' })).toEqual({ Hostname: 'right' })
    expect(normal({ Hostname: '', hostname: 'right' })).toEqual({ Hostname: 'right' })
  })

  it('takes the workload from exported_* and drops the exporter pod', () => {
    expect(
      normal({
        Hostname: 'h-1',
        pod: 'dcgm-exporter-abc',
        namespace: 'gpu-operator',
        container: 'exporter',
        exported_pod: 'vllm-0',
        exported_namespace: 'serving',
      }),
    ).toEqual({ Hostname: 'h-1', pod: 'vllm-0', namespace: 'serving' })
  })

  it('shows no workload on an idle GPU whose only pod is the exporter', () => {
    const idle = {
      Hostname: 'h-1',
      pod: 'dcgm-exporter-abc',
      namespace: 'gpu-operator',
      container: 'exporter',
    }
    expect(normal(idle)).toEqual({ Hostname: 'h-1' })
  })

  it('knows an exporter by its target where its name tells nothing', () => {
    const idle = { Hostname: 'h-1', pod: 'metrics-x7k2', namespace: 'observability', container: 'main' }
    expect(normal(idle)).toHaveProperty('pod')
    expect(normal(idle, own)).toEqual({ Hostname: 'h-1' })
  })

  it('keeps a workload under honorLabels', () => {
    const busy = { Hostname: 'h-1', pod: 'vllm-0', namespace: 'serving', container: 'main' }
    expect(normal(busy, own)).toEqual(busy)
    expect(normal(busy)).toEqual(busy)
  })

  it('takes the labels of an empty workload away', () => {
    expect(normal({ Hostname: 'h-1', pod: '', namespace: '', container: '', pod_uid: '' })).toEqual({
      Hostname: 'h-1',
    })
  })

  it('brings back other labels that the target pushed aside; instance stays that of the target, the exporter beside it', () => {
    expect(
      normal({ Hostname: 'target', exported_Hostname: 'h-1', instance: 'a:1', exported_instance: 'b:2' }),
    ).toEqual({ Hostname: 'h-1', instance: 'a:1', exported_instance: 'b:2' })
  })

  it('36: reads the old namespace, whose workload is never the exporter', () => {
    const old = { uuid: 'GPU-1', pod_name: 'training-0', pod_namespace: 'research', container_name: 'main' }
    const workload = { UUID: 'GPU-1', pod: 'training-0', namespace: 'research', container: 'main' }
    expect(normal(old)).toEqual(workload)
    expect(normal({ ...old, pod: 'dcgm-exporter-x', namespace: 'gpu-operator' })).toEqual(workload)
    expect(normal({ uuid: 'GPU-1', pod_name: '', pod: 'dcgm-exporter-x' })).toEqual({ UUID: 'GPU-1' })
  })

  it('is not moved by hostile names', () => {
    const result = normaliseLabels(
      new Map([
        ['__proto__', 'x'],
        ['constructor', 'y'],
        ['Hostname', 'h'],
      ]),
    )
    expect(result.get('__proto__')).toBe('x')
    expect(result.get('Hostname')).toBe('h')
  })
})
