import type { WorkflowList } from '../../../../shared/contract/tenants.ts'
import { PERIODS } from '../../../state/workflows/periods.ts'
import { OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { Cost, Count, Share, Tokens } from './jobReading.tsx'
import { SplitTiles } from './SplitTiles.tsx'
import type { Listed } from './useJobs.ts'

interface JobsStripProps extends Pick<WorkflowList, 'totals' | 'origin'> {
  readonly of: Listed
}

/** What all jobs of the period came to, not only those in the list. */
export function JobsStrip({ totals, origin, of }: JobsStripProps) {
  const ended = totals.succeeded + totals.failed + totals.cancelled
  const which = of.outcome === null ? '' : `, ${OUTCOME_WORDS[of.outcome].word}`
  return (
    <TileStrip label="Summary of the jobs">
      <Tile
        label={`${of.tenant === null ? 'Tokens of all jobs' : 'Tokens of its jobs'}${which}`}
        note={PERIODS[of.period].words}
      >
        <Tokens origin={origin} label="Tokens of all jobs" count={totals.total} size="large" />
      </Tile>
      <SplitTiles tokens={totals.tokens} origin={origin} />
      <Tile
        label="Jobs started"
        note={
          <>
            <Count origin={origin} label="Jobs that still run" count={totals.running} size="tiny" /> running
          </>
        }
      >
        <Count origin={origin} label="Jobs started" count={totals.started} size="normal" />
      </Tile>
      <Tile
        label="Succeeded"
        note={
          <>
            of <Count origin={origin} label="Jobs that ended" count={ended} size="tiny" /> that ended
          </>
        }
      >
        <Share
          origin={origin}
          label="Jobs that succeeded, of those that ended"
          share={ended === 0 ? null : totals.succeeded / ended}
          size="normal"
        />
      </Tile>
      <Tile
        label="Retries"
        note={
          <>
            <Count origin={origin} label="Tool calls that failed" count={totals.toolFailures} size="tiny" />{' '}
            tool failures
          </>
        }
      >
        <Count origin={origin} label="Retries" count={totals.retries} size="normal" />
      </Tile>
      <Tile
        label="Cost per success"
        note={
          <>
            all attempts <Cost origin={origin} label="Cost of all attempts" cost={totals.cost} size="tiny" />
          </>
        }
      >
        <Cost
          origin={origin}
          label="Cost of all attempts over the successes"
          cost={totals.costPerSuccess}
          reason={totals.succeeded === 0 ? 'No job succeeded.' : `${origin.name} names no cost.`}
          size="normal"
        />
      </Tile>
    </TileStrip>
  )
}
