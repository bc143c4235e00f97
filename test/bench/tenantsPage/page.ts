import { start } from '../../../renderer/start.tsx'
import { STREAMS } from '../../../shared/contract/contract.ts'
import { fakeEngine, healthyStatus } from '../../fixtures/fakeEngine.ts'
import { syntheticTenants } from '../../fixtures/syntheticTenants.ts'
import { preparedRankings } from '../tenantsTraffic.ts'

/** The tenants view with ten thousand tenants whose figures change every second. */
const engine = fakeEngine(healthyStatus(Date.now()))
const tenants = syntheticTenants('many', () => Date.now())
const next = preparedRankings()
location.hash = '#/tenants'
let sent = false
engine.items = (name, params) => {
  if (name === 'tokens.sparks') return tenants.sparks(STREAMS[name].params.parse(params).tenants)
  if (name !== 'tokens.tenants' || sent) return undefined
  sent = true
  return next()
}
setInterval(() => {
  sent = false
  engine.status = { ...engine.status, at: Date.now() }
  engine.publish()
}, 1000)

start(window, engine.connect)
