import { access } from './access.ts'
import { audit } from './audit.ts'
import { chart } from './chart.ts'
import { condition } from './condition.ts'
import { doubt } from './doubt.ts'
import { drawer } from './drawer.ts'
import { drift } from './drift.ts'
import { event } from './event.ts'
import { evidence } from './evidence.ts'
import { figure } from './figure.ts'
import { finding } from './finding.ts'
import { findings } from './findings.ts'
import { floor } from './floor.ts'
import { cause } from './cause.ts'
import { general } from './general.ts'
import { gpu } from './gpu.ts'
import { host } from './host.ts'
import { icicle } from './icicle.ts'
import { incidents } from './incidents.ts'
import { job } from './job.ts'
import { jobs } from './jobs.ts'
import { keys } from './keys.ts'
import { lack } from './lack.ts'
import { latency } from './latency.ts'
import { link } from './link.ts'
import { noise } from './noise.ts'
import { origin } from './origin.ts'
import { palette } from './palette.ts'
import { preview } from './preview.ts'
import { quota } from './quota.ts'
import { ranking } from './ranking.ts'
import { refusal } from './refusal.ts'
import { remark } from './remark.ts'
import { served } from './served.ts'
import { servers } from './servers.ts'
import { setup } from './setup.ts'
import { severity } from './severity.ts'
import { shell } from './shell.ts'
import { slo } from './slo.ts'
import { sources } from './sources.ts'
import { step } from './step.ts'
import { steps } from './steps.ts'
import { store } from './store.ts'
import { table } from './table.ts'
import { tenant } from './tenant.ts'
import { tenants } from './tenants.ts'
import { throttles } from './throttles.ts'
import { tokens } from './tokens.ts'
import { waiting } from './waiting.ts'
import { wall } from './wall.ts'
import { walls } from './walls.ts'
import { xid } from './xid.ts'
import { yields } from './yields.ts'

/** Every text of Floorwatch in British English, by subject. Another language is a catalogue of the same ids. */
export const english = {
  ...access,
  ...audit,
  ...chart,
  ...condition,
  ...doubt,
  ...drawer,
  ...drift,
  ...event,
  ...evidence,
  ...figure,
  ...finding,
  ...findings,
  ...floor,
  ...cause,
  ...general,
  ...gpu,
  ...host,
  ...icicle,
  ...incidents,
  ...job,
  ...jobs,
  ...keys,
  ...lack,
  ...latency,
  ...link,
  ...noise,
  ...origin,
  ...palette,
  ...preview,
  ...quota,
  ...ranking,
  ...refusal,
  ...remark,
  ...served,
  ...servers,
  ...setup,
  ...severity,
  ...shell,
  ...slo,
  ...sources,
  ...step,
  ...steps,
  ...store,
  ...table,
  ...tenant,
  ...tenants,
  ...throttles,
  ...tokens,
  ...waiting,
  ...wall,
  ...walls,
  ...xid,
  ...yields,
} as const
