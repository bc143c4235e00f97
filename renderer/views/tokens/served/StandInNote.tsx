import type { StandIn } from '../../../../shared/contract/tokens.ts'
import { say, textOf } from '../../../../shared/messages/format.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import './served.css'

/** In words under served figures: that they are not metered ones and why, and what is not mapped to a GPU. */
export function StandInNote({ standIn }: { readonly standIn: StandIn }) {
  const { source, why, notes } = standIn
  return (
    <p className="served-note secondary" data-testid="served-note">
      {capital(source)}. {textOf(why)} <Unjoined standIn={standIn} />
      {notes.map((note) => textOf(note)).join(' ')}
    </p>
  )
}

/** The share that the join did not reach, and by whom it is served; nothing where all is joined. */
export function Unjoined({ standIn }: { readonly standIn: Pick<StandIn, 'at' | 'source' | 'unjoined'> }) {
  const { share, servers, total } = standIn.unjoined
  if (share === null || share === 0) return null
  return (
    <>
      <Say
        id={total === 0 ? 'tokens.unmapped.share' : 'tokens.unmapped.servers'}
        values={{
          share: (
            <Figure
              label={say('tokens.unmapped.label')}
              value={share * 100}
              unit="%"
              size="tiny"
              at={standIn.at}
              source={standIn.source}
            />
          ),
          servers: total === 0 ? '' : namesOf(servers, total),
        }}
      />{' '}
    </>
  )
}

const SHOWN = 4

/** A few names, and how many more there are. */
export function namesOf(servers: readonly string[], total: number): string {
  const shown = servers.slice(0, SHOWN)
  return total > shown.length
    ? say('tokens.names.more', { names: shown.join(', '), more: total - shown.length })
    : shown.join(', ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
