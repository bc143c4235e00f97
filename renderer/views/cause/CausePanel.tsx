import { say, textOf } from '../../../shared/messages/format.ts'
import type { Message } from '../../../shared/messages/message.ts'
import type { CauseFound, Proposal } from '../../../shared/model/cause.ts'
import { openThrottleSheet, type ThrottleSubject } from '../../state/throttles/sheet.ts'
import { useThrottleSubject } from '../../state/throttles/useThrottleSubject.ts'
import { useStream } from '../../transport/context.tsx'
import { Age } from '../../ui/figure/Age.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Causes } from './Causes.tsx'
import { ProposedPart } from './ProposedPart.tsx'
import { Suffers } from './Suffers.tsx'
import './cause.css'

type ProposalPart = Proposal['parts'][number]

interface CausePanelProps {
  readonly objectiveId: string
  /** The incident that a throttle is laid for. */
  readonly incidentId?: string
}

/**
 * Who suffers, who causes, and why it is believed: two lists, because the largest victim is seldom the culprit. What is
 * proposed is what the throttle key is about while this is shown.
 */
export function CausePanel({ objectiveId, incidentId }: CausePanelProps) {
  const streamed = useStream('slo.cause', { objectiveId })
  const { item, failure } = streamed
  const first = item?.proposal?.parts[0]
  const subjectOf = (part: ProposalPart): ThrottleSubject => ({
    tenant: part.tenant,
    name: '',
    scope: { models: part.models, endpoints: part.endpoints, keys: part.keys },
    tpm: Math.round(part.capTokensPerMin),
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(item === undefined || item === null ? {} : { why: textOf(item.headline) }),
  })
  useThrottleSubject(first === undefined ? null : subjectOf(first))
  return (
    <section className="cause" aria-label={say('cause.title')}>
      <h2>{say('cause.title')}</h2>
      {item === undefined || item === null ? (
        <p className="secondary">{failure === null ? say('cause.looking') : wordsOf(failure.text)}</p>
      ) : (
        <LastKnown of={streamed}>
          <CauseView found={item} onThrottle={(part) => openThrottleSheet(subjectOf(part))} />
        </LastKnown>
      )}
    </section>
  )
}

interface CauseViewProps {
  readonly found: CauseFound
  readonly onThrottle: (part: ProposalPart) => void
}

function CauseView({ found, onThrottle }: CauseViewProps) {
  const { headline, why, verdict, onset, at, proposal } = found
  return (
    <>
      <div className="cause-head" data-verdict={verdict}>
        <p className="cause-headline">{textOf(headline)}</p>
        {onset !== null && (
          <p className="secondary">
            {say('cause.onset')} <Age at={onset} />
          </p>
        )}
        {proposal?.parts.map((part) => (
          <ProposedPart key={part.tenant} part={part} at={at} onThrottle={onThrottle} />
        ))}
      </div>
      {verdict !== 'quiet' && (
        <div className="cause-lists">
          <Suffers found={found} />
          <Causes found={found} />
        </div>
      )}
      {why.length > 0 && (
        <div className="cause-why">
          <h3>{say('cause.why')}</h3>
          <ul>
            {why.map((each) => (
              <li key={each.id}>{textOf(each)}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

function wordsOf(text: string | Message): string {
  return typeof text === 'string' ? text : textOf(text)
}
