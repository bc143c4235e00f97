import type { WorkflowDetail } from '../../../../shared/contract/tenants.ts'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
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
    <TileStrip label="Summary of the job">
      <Tile
        label="Tokens of the job"
        note={
          unexplained === 0n ? (
            'explained by its steps'
          ) : (
            <>
              <Tokens
                origin={origin}
                label="Tokens that no step explains"
                count={unexplained.toString()}
                size="tiny"
              />{' '}
              unexplained
            </>
          )
        }
      >
        <Tokens origin={origin} label="Tokens of the job" count={total} size="large" />
      </Tile>
      <SplitTiles tokens={tokens} origin={origin} />
      <Tile
        label="Steps"
        note={
          <>
            <Count origin={origin} label="Retries" count={retries} size="tiny" /> retries
          </>
        }
      >
        <Count origin={origin} label="Steps" count={steps} size="normal" />
      </Tile>
      <Tile
        label="Tool failures"
        note={
          <>
            <Count origin={origin} label="Retrieval misses" count={retrievalMisses} size="tiny" /> retrieval
            misses
          </>
        }
      >
        <Count origin={origin} label="Tool calls that failed" count={toolFailures} size="normal" />
      </Tile>
      <Tile label="Cost" note="of all its attempts">
        <Cost origin={origin} label="Cost of the job" cost={cost} size="normal" />
      </Tile>
    </TileStrip>
  )
}
