import type { WorkflowList } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { PERIODS } from '../../../state/workflows/periods.ts'
import { OUTCOME_WORDS } from '../../../state/workflows/outcomes.ts'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { Cost, Count, Share, Tokens } from './jobReading.tsx'
import { SplitTiles } from './SplitTiles.tsx'
import type { Listed } from './useJobs.ts'

interface JobsStripProps extends Pick<WorkflowList, 'totals' | 'origin'> {
  readonly of: Listed
}

/** What all jobs of the period came to, not only those in the list. */
export function JobsStrip({ totals, origin, of }: JobsStripProps) {
  const ended = totals.succeeded + totals.failed + totals.cancelled
  const title = say(of.tenant === null ? 'jobs.tokens.all' : 'jobs.tokens.own')
  return (
    <TileStrip label={say('jobs.summary')}>
      <Tile
        label={
          of.outcome === null
            ? title
            : say('jobs.tokens.outcome', { title, outcome: OUTCOME_WORDS[of.outcome].word })
        }
        note={PERIODS[of.period].words}
      >
        <Tokens origin={origin} label={say('jobs.tokens.all')} count={totals.total} size="large" />
      </Tile>
      <SplitTiles tokens={totals.tokens} origin={origin} />
      <Tile
        label={say('jobs.started')}
        note={
          <>
            <Say
              id="jobs.running"
              values={{
                count: (
                  <Count
                    origin={origin}
                    label={say('jobs.running.label')}
                    count={totals.running}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      >
        <Count origin={origin} label={say('jobs.started')} count={totals.started} size="normal" />
      </Tile>
      <Tile
        label={say('jobs.succeeded')}
        note={
          <>
            <Say
              id="jobs.ended"
              values={{
                count: <Count origin={origin} label={say('jobs.ended.label')} count={ended} size="tiny" />,
              }}
            />
          </>
        }
      >
        <Share
          origin={origin}
          label={say('jobs.succeeded.label')}
          share={ended === 0 ? null : totals.succeeded / ended}
          size="normal"
        />
      </Tile>
      <Tile
        label={say('jobs.retries')}
        note={
          <>
            <Say
              id="jobs.toolFailures"
              values={{
                n: totals.toolFailures,
                count: (
                  <Count
                    origin={origin}
                    label={say('job.toolFailures.label')}
                    count={totals.toolFailures}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      >
        <Count origin={origin} label={say('jobs.retries')} count={totals.retries} size="normal" />
      </Tile>
      <Tile
        label={say('jobs.costPerSuccess')}
        note={
          <>
            <Say
              id="jobs.cost"
              values={{
                cost: <Cost origin={origin} label={say('jobs.cost.label')} cost={totals.cost} size="tiny" />,
              }}
            />
          </>
        }
      >
        <Cost
          origin={origin}
          label={say('jobs.costPerSuccess.label')}
          cost={totals.costPerSuccess}
          reason={
            totals.succeeded === 0
              ? say('jobs.succeeded.none')
              : say('jobs.cost.none', { source: origin.name })
          }
          size="normal"
        />
      </Tile>
    </TileStrip>
  )
}
