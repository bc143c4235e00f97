import { visibleName } from '../../../shared/model/foreignText.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { formatSpan } from '../../../shared/model/time.ts'
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
    source: `last success of ${visibleName(name)}`,
    reason: 'It has not answered yet.',
  }
  return (
    <Drawer title={visibleName(name)} subtitle={`${KIND_WORDS[kind]} · ${address}`} onClose={onClose}>
      <DrawerSection title="State">
        <p className="source-state">
          <Glyph name={state} /> {sourceWords(source).word}
        </p>
        <p className="secondary">{sourceWords(source).meaning}</p>
        {source.feeding && <p>It feeds the floor.</p>}
      </DrawerSection>
      {error !== null && (
        <DrawerSection title="Last error">
          <p>{error.text}</p>
          <p className="source-next">{error.nextStep}</p>
          <p className="secondary">{error.code}</p>
        </DrawerSection>
      )}
      {doubts.length > 0 && (
        <DrawerSection title="In doubt">
          <ul className="source-doubts">
            {doubts.map((doubt) => (
              <li key={doubt.code} data-severity={doubt.severity}>
                <p>
                  <Glyph name={doubt.severity} label={doubt.severity} /> {doubt.what}
                  {doubt.by !== '' && <span className="secondary"> · {doubt.by}</span>}
                </p>
                <p className="source-next">{doubt.nextStep}</p>
              </li>
            ))}
          </ul>
        </DrawerSection>
      )}
      <DrawerSection title="Attempts">
        <Properties>
          <Property name="Last success">
            <Age at={lastSuccessAt} />
          </Property>
          <Property name="Last attempt">
            <Age at={source.lastAttemptAt} />
          </Property>
          <Property name="Next attempt">
            <Until at={source.nextAttemptAt} />
          </Property>
          <Property name="Failures in a row">
            <Figure
              label="Failures in a row"
              value={source.lastAttemptAt === null ? null : source.consecutiveFailures}
              kind="count"
              reason="It has not been asked yet."
            />
          </Property>
        </Properties>
      </DrawerSection>
      <DrawerSection title="Last answer">
        <Properties>
          <Property name="Latency">
            <Figure {...last} label="Latency" value={source.latencyMs} unit="ms" digits={0} />
          </Property>
          <Property name="Samples">
            <Figure {...last} label="Samples" value={source.samples} kind="count" />
          </Property>
          <Property name="New samples every">
            <Figure
              {...last}
              label="Cadence"
              value={source.cadenceMs === null ? null : source.cadenceMs / 1000}
              unit="s"
              digits={source.cadenceMs !== null && source.cadenceMs < 10_000 ? 1 : 0}
              reason="No two samples of its own have been seen yet."
            />
          </Property>
          <Property name="Size">
            <Figure {...last} label="Size" value={source.bytes} unit="B" />
          </Property>
        </Properties>
      </DrawerSection>
      {warnings.length > 0 && (
        <DrawerSection title="Warnings of the last answer">
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
  if (at === null) return <span>none planned</span>
  return <span>{at <= now ? 'now' : `in ${formatSpan(at - now + 999)}`}</span>
}
