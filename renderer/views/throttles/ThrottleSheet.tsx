import { useEffect, useId, useRef, useState } from 'react'
import type { ThrottleOutcome } from '../../../shared/contract/throttles.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { limitText } from '../../state/throttles/limitText.ts'
import { closeThrottleSheet, type ThrottleSubject, useThrottleSheet } from '../../state/throttles/sheet.ts'
import { useCall, useStream } from '../../transport/context.tsx'
import { useModal } from '../../ui/dialog/Dialog.tsx'
import { Button, IconButton } from '../../ui/form/Button.tsx'
import { useActions } from '../../ui/keys/actions.ts'
import { type Draft, proposedLimit, questionOf, useDraft } from './draft.ts'
import { ReasonStep, ThenStep, WhatStep, WhoStep } from './steps.tsx'
import { ThrottleCard } from './ThrottleCard.tsx'
import { usePreview } from './usePreview.ts'
import './throttles.css'

/** The sheet that is open, on whatever view. */
export function ThrottleSheet() {
  const open = useThrottleSheet((state) => state.open)
  if (open === null) return null
  return (
    <Sheet
      key={`${open.subject.tenant} ${open.tightens ?? ''}`}
      subject={open.subject}
      tightens={open.tightens}
    />
  )
}

interface SheetProps {
  readonly subject: ThrottleSubject
  readonly tightens: string | null
}

/** Who, what, what then, why: all at once, and then the card of what was laid. */
function Sheet({ subject, tightens }: SheetProps) {
  const heading = useId()
  const element = useModal(closeThrottleSheet)
  const [outcome, setOutcome] = useState<ThrottleOutcome | null>(null)
  const { item: tenant } = useStream('tokens.tenant', { id: subject.tenant })
  const name = visibleName(tenant?.name || subject.name || subject.tenant)
  const title = say(
    outcome !== null
      ? 'throttles.sheet.title.card'
      : tightens === null
        ? 'throttles.sheet.title'
        : 'throttles.sheet.title.tighten',
    { name },
  )
  return (
    <dialog ref={element} className="dialog throttle-sheet" aria-labelledby={heading}>
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton glyph="close" label={say('throttles.sheet.close')} onClick={closeThrottleSheet} />
      </div>
      {outcome === null ? (
        <SheetForm subject={subject} tightens={tightens} onDone={setOutcome} />
      ) : (
        <Laid outcome={outcome} tenant={subject.tenant} />
      )}
    </dialog>
  )
}

function SheetForm({
  subject,
  tightens,
  onDone,
}: SheetProps & { onDone: (outcome: ThrottleOutcome) => void }) {
  const { item: tenant } = useStream('tokens.tenant', { id: subject.tenant })
  const { item: throttles } = useStream('throttles.active', {})
  const present = throttles?.active.find(({ id }) => id === tightens) ?? null
  const { draft, change } = useDraft(present === null ? subject : { ...subject, scope: present.scope })
  // What is proposed stays what it was when the sheet was opened: a figure must not move under the fingers.
  const proposal = proposedLimit(subject, tenant)
  const [kept, setKept] = useState<number | null>(null)
  if (kept === null && proposal !== null) setKept(proposal)
  const proposed = kept ?? proposal
  const state = usePreview(questionOf(draft, subject, tightens, proposed))
  const send = useSending({ draft, subject, tightens, version: present?.version ?? null, onDone })
  const { preview } = state
  const needsGlass = preview?.secondPerson.needed === true && !draft.breakGlass
  const refused =
    state.unusable ??
    (draft.reason.trim() === ''
      ? say('throttles.sheet.needsReason')
      : needsGlass
        ? say(
            preview.secondPerson.breakGlass
              ? 'throttles.sheet.needsGlass'
              : 'throttles.refused.secondPerson.elsewhere',
          )
        : send.isPending
          ? say('throttles.sheet.sending')
          : null)
  const act = (): void => {
    if (refused === null && preview !== null) void send.run(preview.previewId)
    // A stale preview is looked at again first; nothing is sent by the same press.
    else if (state.unusable !== null && !state.isAsking) state.again()
  }
  useActions([
    {
      id: 'throttle.send',
      title: say('throttles.action.send'),
      group: say('throttles.group'),
      keys: '$mod+Enter',
      keyboardOnly: true,
      inDialog: true,
      run: act,
    },
  ])
  const limit = preview?.limits.tpm ?? null
  const values = {
    name: visibleName(preview?.tenant.name ?? (subject.name || subject.tenant)),
    limit: limit === null ? '' : limitText(limit),
    minutes: draft.minutes,
  }
  return (
    <form
      className="throttle-form"
      // Enter in a field never sends.
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="dialog-body throttle-steps">
        <WhoStep subject={subject} tenant={tenant ?? null} />
        <WhatStep
          draft={draft}
          change={change}
          proposed={proposed}
          tenant={tenant ?? null}
          preview={preview}
          present={present}
        />
        <ThenStep state={state} />
        <ReasonStep draft={draft} change={change} preview={preview} />
      </div>
      <footer className="throttle-foot">
        <p className="throttle-why-not" role="status">
          {send.failure === null ? (refused ?? say('throttles.sheet.ready')) : null}
        </p>
        {send.failure !== null && (
          <p className="field-error" role="alert">
            {send.failure.message} {send.failure.nextStep}
          </p>
        )}
        <div className="throttle-buttons">
          <Button onClick={closeThrottleSheet}>{say('throttles.sheet.cancel')}</Button>
          {state.unusable !== null && preview !== null && (
            <Button onClick={() => state.again()}>{say('throttles.sheet.again')}</Button>
          )}
          <Button kind="primary" unavailable={refused} onClick={act}>
            {tightens !== null
              ? say('throttles.sheet.act.tighten', { name: values.name, limit: values.limit })
              : draft.mode === 'block'
                ? say('throttles.sheet.act.block', { name: values.name, minutes: values.minutes })
                : say('throttles.sheet.act', values)}
          </Button>
        </div>
      </footer>
    </form>
  )
}

function useSending({
  draft,
  subject,
  tightens,
  version,
  onDone,
}: {
  readonly draft: Draft
  readonly subject: ThrottleSubject
  readonly tightens: string | null
  readonly version: number | null
  readonly onDone: (outcome: ThrottleOutcome) => void
}) {
  const commit = useCall('throttles.commit')
  const tighten = useCall('throttles.tighten')
  const call = tightens === null ? commit : tighten
  const done = useRef(onDone)
  useEffect(() => {
    done.current = onDone
  })
  const output = call.state === 'done' ? call.output : null
  useEffect(() => {
    if (output !== null) done.current(output)
  }, [output])
  return {
    isPending: call.state === 'pending',
    failure: call.state === 'failed' ? call.failure : null,
    async run(previewId: string): Promise<void> {
      const { breakGlass } = draft
      const reason = draft.reason.trim()
      if (tightens === null) {
        await commit.run({
          previewId,
          reason,
          breakGlass,
          minutes: draft.minutes,
          incidentId: subject.incidentId ?? null,
        })
      } else await tighten.run({ previewId, id: tightens, version: version ?? 1, reason, breakGlass })
    },
  }
}

/** What was laid; while it is not known whether it was, that. */
function Laid({ outcome, tenant }: { outcome: ThrottleOutcome; tenant: string }) {
  const { item } = useStream('throttles.active', {})
  const all = [...(item?.active ?? []), ...(item?.past ?? [])]
  const known = all.find(({ id }) => id === outcome.throttleId)
  // An unknown outcome that was found has no id from the call.
  const intent = item?.intents.find(({ id }) => id === outcome.intentId)
  const found =
    known ??
    (outcome.throttleId === null && item !== undefined && intent === undefined
      ? all.find((each) => each.by.ours && each.tenant.id === tenant)
      : undefined)
  return (
    <div className="dialog-body" tabIndex={-1} data-first-focus="">
      {found === undefined ? (
        <p role="status">{textOf(intent?.text ?? outcome.text)}</p>
      ) : (
        <ThrottleCard id={found.id} inDialog />
      )}
    </div>
  )
}
