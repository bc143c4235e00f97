import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { IncidentItem } from '../../../shared/contract/incidents.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleText } from '../../../shared/model/foreignText.ts'
import type { Incident } from '../../../shared/model/incident.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { formatRoute } from '../../state/navigation.ts'
import { useStatus } from '../../state/status.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { Properties, Property } from '../../ui/drawer/Drawer.tsx'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { LastGood } from '../../ui/figure/LastGood.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { useEscape } from '../../ui/keys/useEscape.ts'
import { CausePanel } from '../cause/CausePanel.tsx'
import type { IncidentActKind } from './ActDialog.tsx'
import { Timeline } from './Timeline.tsx'
import { actsOf, useIncidentActs } from './useIncidentActs.tsx'
import { closeIncident, openIncident } from './usePlace.ts'
import { Owner, PriorityMark, StateWord } from './words.tsx'

/** One incident: what happened, what is measured, what can be done. */
export function IncidentPage({ id }: { readonly id: string }) {
  const stream = useStream('incidents.incident', { id })
  const { item, failure } = stream
  useEscape({
    id: 'incidents.back',
    title: say('incidents.back'),
    group: say('keys.group.incidents'),
    step: 'back',
    run: closeIncident,
  })
  useStanding(item !== undefined)
  const back = <Button onClick={closeIncident}>{say('incidents.back')}</Button>
  if (item === undefined)
    return (
      <Waiting
        waiting={say('incidents.waiting')}
        nextStep={say('waiting.refresh')}
        failure={failure}
        action={back}
      />
    )
  if (item.incident === null)
    return (
      <EmptyState
        reason={say('incidents.unknownId', { id: visibleText(id) })}
        nextStep={say('incidents.unknownId.next')}
        action={back}
      />
    )
  return (
    <LastKnown of={stream}>
      <Page incident={item.incident} item={item} />
    </LastKnown>
  )
}

function Page({ incident, item }: { readonly incident: Incident; readonly item: IncidentItem }) {
  const body = useRef<HTMLDivElement>(null)
  const [act, open] = useState<IncidentActKind | null>(null)
  const dialog = useIncidentActs(incident, { act, open })
  useEffect(() => body.current?.focus({ preventScroll: true }), [])
  return (
    <article className="incidents incident-page" aria-labelledby="incident-title">
      <header className="incident-head">
        <Button onClick={closeIncident}>{say('incidents.back')}</Button>
        <PriorityMark priority={incident.priority} />
        <span className="incident-id">{incident.id}</span>
        <h2 id="incident-title" className="incident-heading" title={visibleText(textOf(incident.title))}>
          {visibleText(textOf(incident.title))}
        </h2>
        <StateWord incident={incident} />
        <LastGood />
      </header>
      {!item.kept && (
        <p className="incidents-note">
          <Glyph name="advisory" /> {say('incidents.notKept.one')}
        </p>
      )}
      {/* Scrolled by keyboard, therefore a stop of the Tab key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section ref={body} className="incident-body" tabIndex={0} aria-label={say('incidents.page')}>
        <Column title={say('incidents.timeline')}>
          <Timeline entries={item.entries} all={incident.entries} />
        </Column>
        <Column title={say('incidents.evidence')}>
          <Evidence incident={incident} />
        </Column>
        <Column title={say('incidents.facts')}>
          <Facts incident={incident} />
          <Acts incident={incident} open={open} />
        </Column>
      </section>
      {dialog}
    </article>
  )
}

function Column({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const heading = useId()
  return (
    <section className="incident-column" aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      {children}
    </section>
  )
}

/** What is measured, in the words of whoever found it, and the way to where it is drawn. */
function Evidence({ incident }: { readonly incident: Incident }) {
  const { id, facts, unknown, state, recoveredAt, nextStep, subject, hostNames, hosts } = incident
  return (
    <>
      {unknown !== null && state !== 'resolved' && (
        <p className="incident-unknown">
          <Glyph name="unknown" /> {visibleText(textOf(unknown.why))} {say('incidents.unknown.frozen')}
        </p>
      )}
      {facts.length === 0 ? (
        <p className="secondary">{say('incidents.evidence.none')}</p>
      ) : (
        <ul className="incident-facts">
          {facts.map((fact) => {
            const text = visibleText(textOf(fact))
            return <li key={text}>{text}</li>
          })}
        </ul>
      )}
      {subject.type === 'objective' && recoveredAt === null && state !== 'resolved' && (
        <CausePanel objectiveId={subject.id} incidentId={id} />
      )}
      {nextStep !== null && state !== 'resolved' && (
        <p className="incident-next">
          <strong>{say('incidents.nextStep')}</strong> {visibleText(textOf(nextStep))}
        </p>
      )}
      <p className="incident-links">
        {subject.type === 'objective' && (
          <a href={formatRoute('slo', { objective: subject.id })}>{say('incidents.link.objective')}</a>
        )}
        {subject.type === 'host' && (
          <a href={formatRoute('floor', { host: subject.host })}>
            {say('incidents.link.host', { host: visibleText(subject.host) })}
          </a>
        )}
        {(subject.type === 'rack' || subject.type === 'floor') && (
          <a href={formatRoute('floor')}>{say('incidents.link.floor')}</a>
        )}
        {subject.type === 'source' && <a href={formatRoute('sources')}>{say('incidents.link.sources')}</a>}
      </p>
      {hostNames.length > 1 && (
        <details className="incident-hosts">
          <summary>{say('incidents.hosts', { count: hosts })}</summary>
          <p>{hostNames.map((name) => visibleText(name)).join(', ')}</p>
        </details>
      )}
    </>
  )
}

function Facts({ incident }: { readonly incident: Incident }) {
  const { startedAt, startedAtLeast, openedAt, recoveredAt, resolvedAt, acknowledged, gpus, returns, kind } =
    incident
  const over = recoveredAt ?? resolvedAt
  return (
    <Properties>
      <Property name={say('incidents.column.owner')}>
        <Owner incident={incident} />
      </Property>
      {acknowledged !== null && acknowledged.reason !== '' && (
        <Property name={say('incidents.reason')}>{visibleText(acknowledged.reason)}</Property>
      )}
      <Property name={say('incidents.column.started')}>
        <Age at={startedAt} atLeast={startedAtLeast} />
      </Property>
      <Property name={say('incidents.opened')}>
        <Age at={openedAt} />
      </Property>
      {recoveredAt !== null && (
        <Property name={say('incidents.recovered')}>
          <Age at={recoveredAt} />
        </Property>
      )}
      {resolvedAt !== null && (
        <Property name={say('incidents.resolved')}>
          <Age at={resolvedAt} />
        </Property>
      )}
      {over !== null && (
        <Property name={say('incidents.lasted')}>{formatDuration(Math.max(0, over - startedAt))}</Property>
      )}
      {kind === 'finding' && (
        <Property name={say('incidents.column.gpus')}>
          <Figure label={say('incidents.column.gpus')} value={gpus} kind="count" at={openedAt} quiet />
        </Property>
      )}
      {returns > 0 && (
        <Property name={say('incidents.column.returns')}>
          <Figure label={say('incidents.column.returns')} value={returns} kind="count" quiet />
        </Property>
      )}
      {incident.follows !== null && (
        <Property name={say('incidents.follows')}>
          <IncidentLink id={incident.follows} />
        </Property>
      )}
      {incident.mergedInto !== null && (
        <Property name={say('incidents.mergedInto')}>
          <IncidentLink id={incident.mergedInto} />
        </Property>
      )}
    </Properties>
  )
}

function IncidentLink({ id }: { readonly id: string }) {
  return (
    <Button kind="quiet" onClick={() => openIncident(id)}>
      {id}
    </Button>
  )
}

interface ActsProps {
  readonly incident: Incident
  readonly open: (act: IncidentActKind) => void
}

function Acts({ incident, open }: ActsProps) {
  const wall = useStatus(({ status }) => status?.role === 'wall')
  if (wall) return null
  return (
    <div className="incident-acts">
      {actsOf(incident).map((kind) => (
        <Button
          key={kind}
          kind={kind === 'acknowledge' && incident.acknowledged === null ? 'primary' : 'plain'}
          onClick={() => open(kind)}
        >
          {say(`incidents.act.${kind}.short`)}
        </Button>
      ))}
    </div>
  )
}
