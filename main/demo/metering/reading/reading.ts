import type { Factory } from '../../factory/factory.ts'
import type { Books } from '../../ledger/ledger.ts'
import type { Handlers } from '../http/handler.ts'
import { capabilities } from './capabilities.ts'
import { createCapacityHandler, createRatesHandler } from './capacity.ts'
import type { ReadingContext } from './context.ts'
import { createTenantHandlers } from './tenants.ts'
import { createStatementHandler } from './statements.ts'
import { createUsageHandler } from '../usage/usage.ts'
import { createLatencyHandler } from '../usage/latency.ts'
import { createWorkflowHandlers } from './workflows.ts'

export type Reading = Pick<
  Handlers,
  | 'getCapabilities'
  | 'getUsage'
  | 'getLatency'
  | 'getCapacity'
  | 'getRates'
  | 'listTenants'
  | 'getQuotas'
  | 'listKeys'
  | 'getStatement'
  | 'listWorkflows'
  | 'getWorkflow'
>

/**
 * The reading half of the reference Metering API over the ledger of the simulated factory.
 * @param limits what is in force over a tenant, throttles included
 */
export function createReading(
  ledger: Books,
  factory: Factory,
  limits: Pick<ReadingContext, 'effective' | 'isBlocked'>,
): Reading {
  const context: ReadingContext = {
    ledger,
    factory,
    effective: (tenant) => limits.effective(tenant),
    isBlocked: (tenant) => limits.isBlocked(tenant),
  }
  return {
    getCapabilities: () => ({ body: capabilities() }),
    getUsage: createUsageHandler(context),
    getLatency: createLatencyHandler(context),
    getCapacity: createCapacityHandler(context),
    getRates: createRatesHandler(context),
    getStatement: createStatementHandler(context),
    ...createTenantHandlers(context),
    ...createWorkflowHandlers(context),
  }
}
