import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { Cost, Count, Tokens } from './jobReading.tsx'
import { SplitTiles } from './SplitTiles.tsx'

interface JobStripProps extends Pick<WorkflowDetail, 'workflow' | 'origin'> {
  /** Tokens of the job that none of its steps took. */
  readonly unexplained: bigint
}

/** What the job came to. */
export function JobStrip({ workflow, unexplained, origin }: JobStripProps) {
  const { total, tokens, cost, steps, retries, toolFailures, retrievalMisses } = workflow
  return (
    <TileStrip label={say('job.summary')}>
      <Tile
        label={say('job.tokens')}
        note={
          unexplained === 0n ? (
            say('job.explained')
          ) : (
            <>
              <Say
                id="job.unexplained"
                values={{
                  tokens: (
                    <Tokens
                      origin={origin}
                      label={say('job.unexplained.label')}
                      count={unexplained.toString()}
                      size="tiny"
                    />
                  ),
                }}
              />
            </>
          )
        }
      >
        <Tokens origin={origin} label={say('job.tokens')} count={total} size="large" />
      </Tile>
      <SplitTiles tokens={tokens} origin={origin} />
      <Tile
        label={say('job.steps')}
        note={
          <>
            <Say
              id="job.retries"
              values={{
                n: retries,
                count: <Count origin={origin} label={say('jobs.retries')} count={retries} size="tiny" />,
              }}
            />
          </>
        }
      >
        <Count origin={origin} label={say('job.steps')} count={steps} size="normal" />
      </Tile>
      <Tile
        label={say('job.toolFailures')}
        note={
          <>
            <Say
              id="job.misses"
              values={{
                n: retrievalMisses,
                count: (
                  <Count
                    origin={origin}
                    label={say('job.misses.label')}
                    count={retrievalMisses}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      >
        <Count origin={origin} label={say('job.toolFailures.label')} count={toolFailures} size="normal" />
      </Tile>
      <Tile label={say('job.cost')} note={say('job.cost.note')}>
        <Cost origin={origin} label={say('job.cost.label')} cost={cost} size="normal" />
      </Tile>
    </TileStrip>
  )
}
