import { access } from './access.ts'
import { drift } from './drift.ts'
import { findings } from './findings.ts'
import { floor } from './floor.ts'
import { general } from './general.ts'
import { gpu } from './gpu.ts'
import { host } from './host.ts'
import { job } from './job.ts'
import { keys } from './keys.ts'
import { palette } from './palette.ts'
import { preview } from './preview.ts'
import { setup } from './setup.ts'
import { severity } from './severity.ts'
import { shell } from './shell.ts'
import { slo } from './slo.ts'
import { sources } from './sources.ts'
import { table } from './table.ts'
import { tenant } from './tenant.ts'
import { tenants } from './tenants.ts'
import { store } from './store.ts'
import { throttles } from './throttles.ts'
import { tokens } from './tokens.ts'
import { waiting } from './waiting.ts'
import { walls } from './walls.ts'
import { yields } from './yields.ts'

/** Every text of Floorwatch in British English, by subject. Another language is a catalogue of the same ids. */
export const english = {
  ...access,
  ...drift,
  ...findings,
  ...floor,
  ...general,
  ...gpu,
  ...host,
  ...job,
  ...keys,
  ...palette,
  ...preview,
  ...setup,
  ...severity,
  ...shell,
  ...slo,
  ...sources,
  ...table,
  ...tenant,
  ...tenants,
  ...store,
  ...throttles,
  ...tokens,
  ...waiting,
  ...walls,
  ...yields,
} as const
