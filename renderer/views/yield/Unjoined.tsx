import type { Drift } from '../../../shared/contract/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Say } from '../../ui/text/Say.tsx'

/** Served tokens that are not mapped to a GPU, with or without anything to compare them to; nothing where all lead somewhere. */
export function Unjoined({ item }: { item: Drift }) {
  const { share, servers, total } = item.unjoined
  if (share === null || share === 0) return null
  return (
    <p className="secondary">
      <Say
        id={total > servers.length ? 'yields.unmapped.more' : 'yields.unmapped'}
        values={{
          share: (
            <Figure
              label={say('yields.unmapped.label')}
              value={share * 100}
              unit="%"
              at={item.toMs ?? item.at}
              source={item.servedSource}
            />
          ),
          total,
          servers: servers.join(', '),
        }}
      />
    </p>
  )
}
