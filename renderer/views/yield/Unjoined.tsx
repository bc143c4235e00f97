import type { Drift } from '../../../shared/contract/tokens.ts'
import { plural } from '../../../shared/model/phrases.ts'
import { Figure } from '../../ui/figure/Figure.tsx'

/** Served tokens that are not mapped to a GPU, with or without anything to compare them to; nothing where all lead somewhere. */
export function Unjoined({ item }: { item: Drift }) {
  const { share, servers, total } = item.unjoined
  if (share === null || share === 0) return null
  return (
    <p className="secondary">
      <Figure
        label="Served tokens of servers without a GPU"
        value={share * 100}
        unit="%"
        at={item.toMs ?? item.at}
        source={item.servedSource}
      />{' '}
      of the served tokens come from {plural(total, 'server')} not mapped to a GPU: {servers.join(', ')}
      {total > servers.length && ' and others'}.
    </p>
  )
}
