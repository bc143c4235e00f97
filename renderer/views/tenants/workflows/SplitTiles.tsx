import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { Tile } from '../../../ui/tile/Tile.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { PartTokens, Tokens } from './jobReading.tsx'

interface SplitTilesProps {
  readonly tokens: WorkflowRow['tokens']
  readonly origin: TokenOrigin
}

/** Input and output of one job or of many; cached input and reasoning inside their parents. */
export function SplitTiles({ tokens, origin }: SplitTilesProps) {
  return (
    <>
      <Tile
        label={say('tokens.input')}
        note={
          <>
            <Say
              id="tokens.cached"
              values={{
                rate: (
                  <PartTokens
                    part="cachedInput"
                    origin={origin}
                    label={say('job.cached')}
                    count={tokens.cachedInput}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      >
        <Tokens origin={origin} label={say('job.input')} count={tokens.input} size="normal" />
      </Tile>
      <Tile
        label={say('tokens.output')}
        note={
          <>
            <Say
              id="tokens.reasoning"
              values={{
                rate: (
                  <PartTokens
                    part="reasoning"
                    origin={origin}
                    label={say('job.reasoning')}
                    count={tokens.reasoning}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      >
        <Tokens origin={origin} label={say('job.output')} count={tokens.output} size="normal" />
      </Tile>
    </>
  )
}
