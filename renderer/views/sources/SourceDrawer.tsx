import { visibleName } from '../../../shared/model/foreignText.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { Drawer, DrawerSection, Properties, Property } from '../../ui/drawer/Drawer.tsx'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { KIND_WORDS, sourceWords } from './stateNames.ts'

/** Everything that is known about one source. */
export function SourceDrawer({ source, onClose }: { source: SourceHealth; onClose: () => void }) {
  const { name, kind, address, state, error, warnings, doubts, lastSuccessAt } = source
  const last = {
    at: lastSuccessAt,
    source: say('sources.lastSuccess.of', { name: visibleName(name) }),
    reason: say('sources.noAnswer'),
  }
  return (
    <Drawer title={visibleName(name)} subtitle={`${KIND_WORDS[kind]} · ${address}`} onClose={onClose}>
      <DrawerSection title={say('sources.state')}>
        <p className="source-state">
          <Glyph name={state} /> {sourceWords(source).word}
        </p>
        <p className="secondary">{sourceWords(source).meaning}</p>
        {source.feeding && <p>{say('sources.feeds')}</p>}
      </DrawerSection>
      {error !== null && (
        <DrawerSection title={say('sources.error')}>
          <p>{error.text}</p>
          <p className="source-next">{error.nextStep}</p>
          <p className="secondary">{error.code}</p>
        </DrawerSection>
      )}
      {doubts.length > 0 && (
        <DrawerSection title={say('sources.doubt')}>
          <ul className="source-doubts">
            {doubts.map((doubt) => (
              <li key={doubt.code} data-severity={doubt.severity}>
                <p>
                  <Glyph name={doubt.severity} label={doubt.severity} /> {textOf(doubt.what)}
                  {doubt.by !== null && <span className="secondary"> · {textOf(doubt.by)}</span>}
                </p>
                <p className="source-next">{textOf(doubt.nextStep)}</p>
              </li>
            ))}
          </ul>
        </DrawerSection>
      )}
      <DrawerSection title={say('sources.attempts')}>
        <Properties>
          <Property name={say('sources.lastSuccess')}>
            <Age at={lastSuccessAt} />
          </Property>
          <Property name={say('sources.lastAttempt')}>
            <Age at={source.lastAttemptAt} />
          </Property>
          <Property name={say('sources.nextAttempt')}>
            <Until at={source.nextAttemptAt} />
          </Property>
          <Property name={say('sources.failures')}>
            <Figure
              label={say('sources.failures')}
              value={source.lastAttemptAt === null ? null : source.consecutiveFailures}
              kind="count"
              reason={say('sources.notAsked')}
            />
          </Property>
        </Properties>
      </DrawerSection>
      <DrawerSection title={say('sources.answer')}>
        <Properties>
          <Property name={say('sources.latency')}>
            <Figure {...last} label={say('sources.latency')} value={source.latencyMs} unit="ms" digits={0} />
          </Property>
          <Property name={say('sources.samples')}>
            <Figure {...last} label={say('sources.samples')} value={source.samples} kind="count" />
          </Property>
          <Property name={say('sources.cadence')}>
            <Figure
              {...last}
              label={say('sources.cadence.label')}
              value={source.cadenceMs === null ? null : source.cadenceMs / 1000}
              unit="s"
              digits={source.cadenceMs !== null && source.cadenceMs < 10_000 ? 1 : 0}
              reason={say('sources.cadence.unknown')}
            />
          </Property>
          <Property name={say('sources.size')}>
            <Figure {...last} label={say('sources.size')} value={source.bytes} unit="B" />
          </Property>
        </Properties>
      </DrawerSection>
      {warnings.length > 0 && (
        <DrawerSection title={say('sources.warnings')}>
          <ul className="source-warnings">
            {warnings.map((warning) => (
              <li key={warning}>
                <Glyph name="advisory" /> {warning}
              </li>
            ))}
          </ul>
        </DrawerSection>
      )}
    </Drawer>
  )
}

function Until({ at }: { at: number | null }) {
  const now = useNow()
  if (at === null) return <span>{say('sources.nextAttempt.none')}</span>
  return (
    <span>{at <= now ? say('sources.now') : say('sources.in', { span: formatSpan(at - now + 999) })}</span>
  )
}
