import { useState } from 'react'
import type { FieldId } from '../../../shared/model/field.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { activityField } from '../../state/fleet/columns.ts'
import { usePreferences } from '../../state/preferences.ts'

export interface Metric {
  /** What the picture shows: the person's own choice, else `activity`. */
  readonly field: FieldId
  /** The figure of activity that stands for this floor: GPU utilisation where exporters send no profiling. */
  readonly activity: FieldId
}

/** Before the first figure of activity nothing better is known than what most exporters have. */
const USUAL: FieldId = 'smActive'

/** The metric of the floor, which changes with the person's choice, and with what the floor's exporters send. */
export function useMetric(frame: FleetFrame | null, topology: Topology): Metric {
  const chosen = usePreferences((preferences) => preferences.metric)
  const [activity, setActivity] = useState<FieldId>(USUAL)
  const now = (frame && activityField(frame, topology.gpus.host.length, activity)) ?? activity
  if (now !== activity) setActivity(now)
  return { field: chosen ?? now, activity: now }
}
