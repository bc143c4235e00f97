import type { ThrottleIntent, Throttles, ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { formatInstant } from '../../../shared/model/time.ts'
import { replaceParams, useNavigation } from '../../state/navigation.ts'
import { useNow } from '../../state/now.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { Drawer, WithDrawer } from '../../ui/drawer/Drawer.tsx'
import { Digits } from '../../ui/figure/Digits.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { type Column, DataTable } from '../../ui/table/DataTable.tsx'
import { Limit, scopeText, ThrottleCard } from './ThrottleCard.tsx'
import { clockOf } from './TimeLeft.tsx'
import { verdictGlyph } from './verdict.ts'
import './throttles.css'

/** Who is held back, until when, and whether it holds; and those of the last day. */
export function ThrottlesView() {
  const stream = useStream('throttles.active', {})
  const { item, failure } = stream
  useStanding(item !== undefined)
  if (item === undefined) {
    return <Waiting waiting={say('throttles.waiting')} nextStep={say('waiting.metering')} failure={failure} />
  }
  return (
    <LastKnown of={stream}>
      <List item={item} />
    </LastKnown>
  )
}

function List({ item }: { item: Throttles }) {
  const { active, past, lacks, trouble, intents } = item
  const selected = useNavigation((route) => route.params['throttle'] ?? null)
  const select = (id: string | null): void => replaceParams('throttles', id === null ? {} : { throttle: id })
  const rows = [...active, ...past]
  const chosen = rows.find(({ id }) => id === selected)
  const columns = useColumns()
  return (
    <WithDrawer
      drawer={
        chosen !== undefined && (
          <Drawer
            title={visibleName(chosen.tenant.name)}
            subtitle={visibleName(chosen.tenant.id)}
            onClose={() => select(null)}
          >
            <div className="drawer-section">
              <ThrottleCard key={chosen.id} id={chosen.id} />
            </div>
          </Drawer>
        )
      }
    >
      <div className="throttles-view">
        {trouble !== null && (
          <p className="throttle-trouble" role="status">
            <Glyph name="advisory" /> {textOf(trouble)}
          </p>
        )}
        <Intents intents={intents} />
        <DataTable<ThrottleSummary>
          label={say('throttles.list')}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          selected={selected}
          onSelect={select}
          openOnClick
          primary
          empty={
            <EmptyState
              reason={lacks === null ? say('throttles.none') : textOf(lacks)}
              nextStep={lacks === null ? say('throttles.none.next') : say('throttles.lacks.backend.next')}
            />
          }
        />
      </div>
    </WithDrawer>
  )
}

/** What was decided and has no throttle to stand with: not known yet, or come to nothing. */
function Intents({ intents }: { intents: readonly ThrottleIntent[] }) {
  const now = useNow()
  const zone = useSiteZone()
  if (intents.length === 0) return null
  return (
    <ul className="throttle-intents" aria-label={say('throttles.intents')}>
      {intents.map((intent) => (
        <li key={intent.id} data-open={intent.open ? '' : undefined}>
          <Glyph name={intent.open ? 'unknown' : 'advisory'} />{' '}
          <strong>
            {say(`throttles.intent.act.${intent.act}`, { name: visibleName(intent.tenant.name) })}
          </strong>{' '}
          {textOf(intent.text)}{' '}
          <span className="secondary">
            {say('throttles.intent.by', {
              name: visibleName(intent.by),
              at: formatInstant(intent.at, zone, now),
            })}
          </span>
        </li>
      ))}
    </ul>
  )
}

function useColumns(): readonly Column<ThrottleSummary>[] {
  const zone = useSiteZone()
  const now = useNow()
  return [
    {
      id: 'tenant',
      title: say('throttles.column.tenant'),
      width: 'minmax(10rem, 1.2fr)',
      cell: ({ tenant }) => visibleName(tenant.name),
    },
    {
      id: 'state',
      title: say('throttles.column.state'),
      width: 'minmax(16rem, 2.4fr)',
      cell: ({ verdict, headline }) => (
        <>
          <Glyph name={verdictGlyph(verdict)} /> {textOf(headline)}
        </>
      ),
    },
    {
      id: 'limit',
      title: say('throttles.column.limit'),
      width: 'minmax(7rem, 0.8fr)',
      align: 'end',
      cell: (throttle) => <Limit throttle={throttle} />,
    },
    {
      id: 'scope',
      title: say('throttles.column.scope'),
      width: 'minmax(7rem, 1fr)',
      cell: (throttle) => scopeText(throttle),
    },
    {
      id: 'left',
      title: say('throttles.column.left'),
      width: 'minmax(6rem, 0.6fr)',
      align: 'end',
      cell: ({ expiresAt, endedAt }) =>
        endedAt === null ? (
          <Digits text={clockOf(expiresAt - now)} />
        ) : (
          <span className="secondary">{formatInstant(endedAt, zone, now)}</span>
        ),
    },
    {
      id: 'by',
      title: say('throttles.column.by'),
      width: 'minmax(7rem, 0.8fr)',
      cell: ({ by }) => visibleName(by.name),
    },
  ]
}
