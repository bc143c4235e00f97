import { say } from '../../../shared/messages/format.ts'
import type { Proposal } from '../../../shared/model/cause.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Name } from '../../ui/text/Name.tsx'
import { causeProvenance } from './causeProvenance.ts'
import { ScopeNames } from './ScopeNames.tsx'

interface ProposedPartProps {
  readonly part: Proposal['parts'][number]
  readonly at: number
  readonly onThrottle: (part: Proposal['parts'][number]) => void
}

/** One limit that is proposed: whom, how narrow, from what to what. Nothing is done by it. */
export function ProposedPart({ part, at, onThrottle }: ProposedPartProps) {
  const { tenant, tokensPerMin, capTokensPerMin } = part
  const figure = (label: string, value: number) => (
    <Figure {...causeProvenance(at)} label={label} value={value} unit="tok/min" size="small" />
  )
  return (
    <p className="cause-proposed">
      <span>{say('cause.proposed')}</span> <Name of={tenant} /> <ScopeNames scope={part} />
      {figure(say('cause.proposed.now'), tokensPerMin)} → {figure(say('cause.proposed.cap'), capTokensPerMin)}
      <Button onClick={() => onThrottle(part)}>{say('cause.proposed.throttle')}</Button>
    </p>
  )
}
