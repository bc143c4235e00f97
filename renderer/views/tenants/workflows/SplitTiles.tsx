import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { Tile } from '../../../ui/tile/Tile.tsx'
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
        label="Input"
        note={
          <>
            cached{' '}
            <PartTokens
              part="cachedInput"
              origin={origin}
              label="Cached input"
              count={tokens.cachedInput}
              size="tiny"
            />
          </>
        }
      >
        <Tokens origin={origin} label="Input tokens" count={tokens.input} size="normal" />
      </Tile>
      <Tile
        label="Output"
        note={
          <>
            reasoning{' '}
            <PartTokens
              part="reasoning"
              origin={origin}
              label="Reasoning"
              count={tokens.reasoning}
              size="tiny"
            />
          </>
        }
      >
        <Tokens origin={origin} label="Output tokens" count={tokens.output} size="normal" />
      </Tile>
    </>
  )
}
