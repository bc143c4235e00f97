import { Name } from '../../ui/text/Name.tsx'
import { visibleName } from '../../../shared/model/foreignText.ts'
import type { SourceDoubt, SourceHealth } from '../../../shared/model/source.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { compareStates } from '../../state/sources.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { Column } from '../../ui/table/DataTable.tsx'
import { compareNumbers, compareTexts } from '../../ui/table/order.ts'
import { hostOf, KIND_WORDS, sourceWords } from './stateNames.ts'

/** The figures of a source are of its last success: they belong to that instant, not to now. */
function ofLastSuccess({ lastSuccessAt, name }: SourceHealth) {
  const reason = lastSuccessAt === null ? say('sources.noAnswer') : say('sources.noFigure')
  return {
    at: lastSuccessAt,
    source: say('sources.lastSuccess.of', { name: visibleName(name) }),
    reason,
    align: 'end' as const,
  }
}

export const SOURCE_COLUMNS: readonly Column<SourceHealth>[] = [
  {
    id: 'state',
    title: say('sources.state'),
    width: '8.5rem',
    compare: (a, b) => compareStates(a.state, b.state),
    cell: (source) => (
      <>
        <Glyph name={source.state} />
        <span title={sourceWords(source).meaning}>{sourceWords(source).word}</span>
        <DoubtGlyph doubts={source.doubts} />
      </>
    ),
  },
  {
    id: 'name',
    title: say('sources.name'),
    width: 'minmax(8rem, 1fr)',
    compare: (a, b) => compareTexts(a.name, b.name),
    cell: ({ name, address }) => (
      <span className="source-name" title={address}>
        <Name of={name} />
        {hostOf(address) !== name && <span className="secondary">{hostOf(address)}</span>}
      </span>
    ),
  },
  {
    id: 'success',
    title: say('sources.lastSuccess'),
    width: '7.5rem',
    align: 'end',
    compare: (a, b) => compareNumbers(a.lastSuccessAt, b.lastSuccessAt),
    cell: ({ lastSuccessAt }) => <Age at={lastSuccessAt} />,
  },
  {
    id: 'failures',
    title: say('sources.failures.column'),
    width: '5.5rem',
    align: 'end',
    compare: (a, b) => b.consecutiveFailures - a.consecutiveFailures,
    cell: ({ consecutiveFailures, lastAttemptAt }) => (
      <Figure
        label={say('sources.failures')}
        value={lastAttemptAt === null ? null : consecutiveFailures}
        reason={say('sources.notAsked')}
        kind="count"
        align="end"
        source={say('sources.failures.source')}
      />
    ),
  },
  {
    id: 'problem',
    title: say('sources.problem'),
    width: 'minmax(14rem, 2.6fr)',
    cell: (source) => <Problem {...problemOf(source)} />,
  },
  {
    id: 'latency',
    title: say('sources.latency'),
    width: '6rem',
    align: 'end',
    compare: (a, b) => compareNumbers(a.latencyMs, b.latencyMs),
    cell: (source) => (
      <Figure
        {...ofLastSuccess(source)}
        label={say('sources.latency')}
        value={source.latencyMs}
        unit="ms"
        digits={0}
      />
    ),
  },
  {
    id: 'samples',
    title: say('sources.samples'),
    width: '5.5rem',
    from: 72,
    align: 'end',
    compare: (a, b) => compareNumbers(a.samples, b.samples),
    cell: (source) => (
      <Figure {...ofLastSuccess(source)} label={say('sources.samples')} value={source.samples} kind="count" />
    ),
  },
  {
    id: 'bytes',
    title: say('sources.bytes'),
    width: '6rem',
    from: 84,
    align: 'end',
    compare: (a, b) => compareNumbers(a.bytes, b.bytes),
    cell: (source) => (
      <Figure {...ofLastSuccess(source)} label={say('sources.bytes')} value={source.bytes} unit="B" />
    ),
  },
  {
    id: 'kind',
    title: say('sources.kind'),
    width: '6rem',
    from: 96,
    compare: (a, b) => compareTexts(a.kind, b.kind),
    cell: ({ kind }) => <span className="secondary">{KIND_WORDS[kind]}</span>,
  },
  {
    id: 'address',
    title: say('sources.address'),
    width: 'minmax(9rem, 1.2fr)',
    from: 104,
    compare: (a, b) => compareTexts(a.address, b.address),
    cell: ({ address }) => (
      <span className="secondary" title={address}>
        {address}
      </span>
    ),
  },
]

/** The error first, then what the source's own answers say against it, then what it warns of. */
function problemOf({ error, doubts, warnings }: SourceHealth): {
  text: string | undefined
  nextStep: string | undefined
} {
  if (error !== null) return { text: error.text, nextStep: error.nextStep }
  const doubt = worstDoubt(doubts)
  if (doubt === undefined) return { text: warnings[0], nextStep: undefined }
  const what = textOf(doubt.what)
  const text = doubt.by === null ? `${what}.` : `${what} (${textOf(doubt.by)}).`
  return { text, nextStep: textOf(doubt.nextStep) }
}

/** Answers, and is not believed in everything. */
function DoubtGlyph({ doubts }: { doubts: readonly SourceDoubt[] }) {
  const doubt = worstDoubt(doubts)
  return doubt === undefined ? null : (
    <Glyph name={doubt.severity} label={say('sources.doubt.what', { what: doubt.what })} />
  )
}

function worstDoubt(doubts: readonly SourceDoubt[]): SourceDoubt | undefined {
  return doubts.find(({ severity }) => severity === 'critical') ?? doubts[0]
}

function Problem({ text, nextStep }: { text: string | undefined; nextStep: string | undefined }) {
  if (text === undefined) return null
  const sentence = /[.!?)]$/.test(text) ? text : `${text}.`
  const whole = nextStep === undefined || nextStep === '' ? sentence : `${sentence} ${nextStep}`
  return (
    <span className="source-problem" title={whole}>
      <span className="source-problem-what">{sentence}</span>
      {nextStep !== undefined && nextStep !== '' && (
        <span className="source-problem-next secondary">{nextStep}</span>
      )}
    </span>
  )
}

/** Lines of a row: with a problem one for it and two for its next step. */
export function sourceLines(source: SourceHealth): number {
  return problemOf(source).text === undefined ? 1 : 3
}

/** What counts as a change of a row: its figures change at every scrape, its state does not. */
export function sourceSignature({ state, error, doubts }: SourceHealth): string {
  return [state, error?.code ?? '', ...doubts.map(({ code }) => code)].join(' ')
}
