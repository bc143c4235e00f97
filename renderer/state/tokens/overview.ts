import type { StreamParams } from '../../../shared/contract/contract.ts'
import type { TokenFilters } from '../../../shared/model/tokens.ts'

/** Rows of each ranking; who lies beyond is counted and summed under them. */
const RANKED = 40

/** What the tokens view asks the engine for under these filters. */
export function overviewOf(filters: TokenFilters): StreamParams<'tokens.overview'> {
  return { filters, limit: RANKED }
}
