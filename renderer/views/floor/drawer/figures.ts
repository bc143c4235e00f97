import type { Reading } from '../../../../shared/contract/fleet.ts'
import { ACTIVITY_FIELDS } from '../../../../shared/model/activity.ts'
import { CLOCK_EVENT_REASONS, type FieldId } from '../../../../shared/model/field.ts'
import { say } from '../../../../shared/messages/format.ts'

/** How a drawer groups the fields: by the question that an operator asks. Every field stands in one group. */
export const READING_GROUPS: readonly { readonly title: string; readonly fields: readonly FieldId[] }[] = [
  {
    title: say('gpu.group.activity'),
    fields: [
      'smActive',
      'grActive',
      'tensorActive',
      'dramActive',
      'gpuUtil',
      'memCopyUtil',
      'encUtil',
      'decUtil',
    ],
  },
  {
    title: say('gpu.group.power'),
    fields: ['power', 'powerLimit', 'gpuTemp', 'memTemp', 'smClock', 'memClock', 'energy'],
  },
  { title: say('gpu.group.memory'), fields: ['fbUsed', 'fbFree', 'fbReserved'] },
  { title: say('gpu.group.links'), fields: ['pcieTx', 'pcieRx', 'pcieReplay', 'nvlink'] },
  {
    title: say('gpu.group.errors'),
    fields: [
      'xid',
      'clockEvents',
      'eccDbe',
      'eccSbe',
      'remapUncorrectable',
      'remapCorrectable',
      'remapFailure',
      'powerViolation',
      'thermalViolation',
      'vgpuLicense',
    ],
  },
]

/** The readings of a group in the group's order. Fields that the exporter never sent are left to the caller's note. */
export function readingsOf(fields: readonly FieldId[], readings: readonly Reading[]): Reading[] {
  return fields.flatMap((id) => readings.find((reading) => reading.field === id) ?? [])
}

/** The best figure of activity among these readings; SM activity where there is none, so that its absence is said. */
export function activityOf(readings: readonly Pick<Reading, 'field' | 'state'>[]): FieldId {
  const sent = new Set(readings.filter(({ state }) => state !== 'absent').map((reading) => reading.field))
  return ACTIVITY_FIELDS.find((one) => sent.has(one.field))?.field ?? 'smActive'
}

/** The clock event bits in words; "none" for 0. Bits without a name are given as hexadecimal. */
export function clockEventWords(bits: number): string {
  if (bits === 0) return say('gpu.clockEvents.none')
  const known = CLOCK_EVENT_REASONS.filter(({ bit }) => (bits & bit) !== 0)
  const rest = known.reduce((left, { bit }) => left & ~bit, bits)
  return [...known.map(({ name }) => name), ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join(', ')
}
