import { describe, expect, it } from 'vitest'
import { knownExporterOf, unreadExporterText } from './exporters.ts'

describe('knownExporterOf', () => {
  it.each([
    [['amd_gpu_nodes_total', 'amd_gpu_gfx_activity'], "AMD's Device Metrics Exporter"],
    [['gpu_nodes_total', 'gpu_package_power'], "AMD's Device Metrics Exporter"],
    [['go_goroutines', 'gpu_junction_temperature'], "AMD's Device Metrics Exporter"],
    [['gpu_used_vram', 'gpu_total_vram'], "AMD's Device Metrics Exporter"],
    [['xpum_power_watts'], "Intel's XPU Manager"],
    [['intel_gpu_engine_percent'], 'an exporter of Intel GPUs'],
    [['habanalabs_power_mW'], "Intel Gaudi's exporter"],
    [['nvidia_smi_power_draw_watts'], 'nvidia_gpu_exporter'],
    [['node_cpu_seconds_total', 'node_memory_MemFree_bytes'], "Prometheus' node_exporter"],
    [['vllm:num_requests_running'], 'an inference server'],
  ])('tells %j', (names, name) => {
    expect(knownExporterOf(names)?.name).toBe(name)
  })

  it.each([
    [[]],
    [['go_goroutines', 'process_cpu_seconds_total']],
    [['gpu_usage', 'gpu_temp_celsius', 'gpu_mem_usage']],
    [['DCGM_FI_DEV_GPU_UTIL', 'amd_gpu_gfx_activity']],
    [['my_amd_gpu_thing']],
  ])('does not guess about %j', (names) => {
    expect(knownExporterOf(names)).toBeNull()
  })

  it('puts it into the words of a failure', () => {
    const known = knownExporterOf(['amd_gpu_gfx_activity'])
    expect(known && unreadExporterText(known)).toBe(
      "this is AMD's Device Metrics Exporter, which Floorwatch does not read as a source of GPUs",
    )
  })
})
