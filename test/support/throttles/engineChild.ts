/**
 * The part of an engine that lays throttles, in a process of its own, so that a test can kill it: the real store, audit
 * and client. It previews and commits one throttle, says `committed`, and goes on watching.
 *
 *     engineChild.ts FOLDER URL TOKEN NOW
 */
import { createAudit } from '../../../main/audit/auditBook.ts'
import { openThrottles } from '../../../main/engine/throttles/throttles.ts'
import type { Clock } from '../../../main/platform/clock.ts'
import { createLogger } from '../../../main/platform/logger.ts'
import { createApi } from '../../../main/sources/metering/api.ts'
import { connectionTo } from '../../../main/sources/metering/testing/connection.ts'
import { openStore } from '../../../main/store/index.ts'

const [folder = '', url = '', token = '', now = '0'] = process.argv.slice(2)
const startedAt = performance.now()
const passed = () => performance.now() - startedAt
const clock: Clock = { now: () => Math.round(Number(now) + passed()), monotonic: passed, sinceBoot: passed }
const logger = createLogger({ level: 'silent' })
const store = openStore({ folder, clock, logger })
const source = createApi(connectionTo({ url, token, clock, deadlineMs: 5_000 }))
const throttles = openThrottles({
  link: () => ({ source, backendClock: source.backendClock, tenantName: (id) => id }),
  store,
  audit: createAudit({ store: () => store, clock }),
  clock,
  logger,
  onNews: () => undefined,
  everyMs: 20,
})
const preview = await throttles.preview(
  {
    tenant: 'meridian',
    mode: 'cap',
    scope: { models: [], endpoints: [], keys: [] },
    limits: { tpm: 3_900_000, rpm: null, maxConcurrent: null },
    minutes: 30,
    throttleId: null,
  },
  new AbortController().signal,
)
const person = { id: 'p-1', name: 'M. Ortiz', role: 'onCall' } as const
process.stdout.write('previewed\n')
const asked = {
  previewId: preview.previewId,
  reason: 'it loops',
  incidentId: null,
  minutes: 30,
  breakGlass: false,
}
await throttles
  .commit(asked, { person, origin: 'a test' })
  .catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
process.stdout.write('committed\n')
