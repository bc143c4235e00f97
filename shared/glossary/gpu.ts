import { FIELDS, type FieldId } from '../model/field.ts'
import type { Term, Terms } from './term.ts'

/** What each GPU field says. A field without a meaning does not compile. */
const FIELD_MEANINGS: Readonly<Record<FieldId, string>> = {
  smActive: 'Share of time in which a streaming multiprocessor had work, as a mean over all of them.',
  grActive: 'Share of time in which the graphics or compute engine was active at all.',
  tensorActive:
    'Share of cycles in which the tensor pipe was active: matrix work, most of inference and training.',
  dramActive: 'Share of cycles in which memory was read or written.',
  power: 'Power that the whole board draws.',
  gpuTemp: 'Temperature of the GPU die.',
  memTemp: 'Temperature of the memory (HBM).',
  fbUsed: 'Memory of the GPU (HBM) in use: weights, KV cache, buffers.',
  fbFree: 'Memory of the GPU (HBM) that is free.',
  fbReserved: 'Memory of the GPU (HBM) that the driver keeps for itself.',
  gpuUtil:
    'Share of time in which at least one kernel ran. One kernel on one multiprocessor reads as 100 %, so SM activity says more.',
  memCopyUtil: 'Share of time in which memory was read or written.',
  encUtil: 'Share of time in which the video encoder was busy.',
  decUtil: 'Share of time in which the video decoder was busy.',
  smClock: 'Clock of the streaming multiprocessors.',
  memClock: 'Clock of the memory.',
  pcieTx: 'Data that the GPU sent over PCIe, payload and protocol.',
  pcieRx: 'Data that the GPU received over PCIe, payload and protocol.',
  pcieReplay: 'Transfers over PCIe that had to be repeated. A rising count points at a bad link.',
  nvlink: 'Data over all NVLinks of the GPU.',
  energy: 'Energy that the board took since its driver was loaded.',
  xid: 'Code of the last error that the NVIDIA driver reported for the GPU; 0 is none.',
  eccDbe: 'Memory errors of two bits since the driver was loaded, which ECC cannot correct.',
  eccSbe: 'Memory errors of one bit since the driver was loaded, which ECC has corrected.',
  remapUncorrectable: 'Memory rows that were replaced after uncorrectable errors.',
  remapCorrectable: 'Memory rows that were replaced after correctable errors.',
  remapFailure: 'Whether replacing a memory row has failed. The board is to be exchanged.',
  clockEvents:
    'Throttle reasons: why the clocks are lower than they could be, as a set of bits. Thermal slowdowns and the power brake are harmful, idle and a power cap are not.',
  powerViolation: 'Time in which the power limit held the clocks down.',
  thermalViolation: 'Time in which heat held the clocks down.',
  vgpuLicense: 'Whether a virtual GPU has its licence.',
  powerLimit: 'Power that the board may draw at most.',
}

/** Terms of the GPU fields: name, unit and series are those of the field itself. */
export const GPU_TERMS = Object.fromEntries(
  FIELDS.map(({ id, title, short, display, series }): [FieldId, Term] => [
    id,
    {
      name: title,
      short,
      meaning: FIELD_MEANINGS[id],
      ...(display.unit === '' ? {} : { unit: display.unit }),
      source: series.map((name) => `\`${name}\``).join(' or '),
    },
  ]),
) as Terms<FieldId>
