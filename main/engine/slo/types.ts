import type {
  CommandOutput,
  CommandParsed,
  StreamItem,
  StreamParams,
} from '../../../shared/contract/contract.ts'
import type { BurnState, MinuteBucket, Objective, TenantMinutes } from '../../../shared/model/objective.ts'

/** The objectives of one site and how they burn. */
export interface SloWatch {
  objectives(): readonly Objective[]
  /** One for each objective, in their order; new objects whenever a minute was added or judged again. */
  states(): readonly BurnState[]
  /** Minutes that begin in [from, to), ascending, unmeasured ones included; none before the objective was watched. Wall clock, ms. */
  minutes(objectiveId: string, fromMs: number, toMs: number): MinuteBucket[]
  /**
   * The same minutes by tenant, model and endpoint, asked of the source; null where it does not distinguish them. At most
   * a day.
   * @throws SourceFailure
   */
  byTenant(
    objectiveId: string,
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<readonly TenantMinutes[] | null>
  /** What screens see of it. */
  item(): StreamItem<'slo.states'>
  objective(params: StreamParams<'slo.objective'>): StreamItem<'slo.objective'>
  /** @throws Refusal for an objective that is not there */
  history(question: CommandParsed<'slo.history'>): CommandOutput<'slo.history'>
  /** Before every picture: asks what is due. `now` is wall clock, ms. */
  cut(now: number): void
  close(): Promise<void>
}
