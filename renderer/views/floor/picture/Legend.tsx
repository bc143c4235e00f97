import { scaleLinear } from 'd3'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { type Field, field as fieldOf, type FieldId } from '../../../../shared/model/field.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { message } from '../../../../shared/messages/message.ts'
import { say } from '../../../../shared/messages/format.ts'
import { createColourTable, paletteFrom, RAMP_STEPS } from '../../../draw/colour.ts'
import { rampSpan } from '../../../draw/scale.ts'
import { coverageOf, coverageWords } from '../../../state/fleet/coverage.ts'
import { columnOf } from '../../../state/fleet/columns.ts'
import { distribution } from '../../../state/fleet/distribution.ts'
import type { FloorFilter } from '../../../state/fleet/filter.ts'
import { fleetStore, type FrameStore } from '../../../state/fleet/frameStore.ts'
import { useFleet } from '../../../state/fleet/useFleet.ts'
import { limitsFall, useLimits } from '../../../state/limits.ts'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { useColours } from '../../../ui/theme/colours.ts'
import './picture.css'

type Range = NonNullable<FloorFilter['range']>

interface LegendProps {
  readonly store?: FrameStore
  readonly field: FieldId
  /** The brush: what the filter leaves; null for all values. */
  readonly range: FloorFilter['range']
  readonly onRange: (range: Range | null) => void
}

const BINS = 64

/** What the colours mean, how the floor is spread over them, and a brush to pick a part of it. */
export function Legend({ store = fleetStore, field, range, onRange }: LegendProps) {
  const { topology, frame } = useFleet(store)
  const definition = fieldOf(field)
  const span = useMemo(() => rampSpan(definition, topology.typeScales), [definition, topology.typeScales])
  const { counts, stale } = useMemo(() => {
    const column = frame === null ? null : columnOf(frame, field)
    const of = (counted: 'current' | 'stale'): Uint32Array =>
      column === null
        ? new Uint32Array(BINS)
        : distribution(column.values, column.states, span, BINS, null, topology.gpus.host.length, counted)
    return { counts: of('current'), stale: of('stale') }
  }, [frame, field, span, topology])
  const partly = useMemo(() => {
    const coverage = frame === null ? null : coverageOf(frame, topology, field)
    return coverage === null ? '' : coverageWords(field, coverage)
  }, [frame, field, topology])
  const own = range?.field === field ? range : null
  return (
    <div className="legend">
      <div className="legend-range">
        <span className="legend-title">
          {definition.display.unit === ''
            ? definition.title
            : say('floor.legend.title', { title: definition.title, unit: definition.display.unit })}
        </span>
        {partly !== '' && (
          <span className="legend-partly" title={partly}>
            {partly}
          </span>
        )}
        {own === null ? (
          <span>{say('floor.legend.hint')}</span>
        ) : (
          <button type="button" onClick={() => onRange(null)}>
            {say('floor.legend.range', {
              from: shown(definition, own.min),
              to: shown(definition, own.max),
            })}
          </button>
        )}
      </div>
      <Scale
        definition={definition}
        field={field}
        span={span}
        counts={counts}
        stale={stale}
        range={own}
        onRange={onRange}
      />
      <StateKey />
    </div>
  )
}

interface ScaleProps {
  readonly definition: Field
  readonly field: FieldId
  readonly span: readonly [number, number]
  readonly counts: Uint32Array
  /** Last known figures, which are drawn dimmed above the current ones. */
  readonly stale: Uint32Array
  readonly range: Range | null
  readonly onRange: (range: Range | null) => void
}

/** Steps of the brush over the whole scale. */
const STEPS = 100

function Scale({ definition, field, span, counts, stale, range, onRange }: ScaleProps) {
  const all = counts.map((count, bin) => count + (stale[bin] ?? 0))
  const limits = useLimits(field)
  const track = useRef<HTMLDivElement>(null)
  const dragFrom = useRef<number | null>(null)
  const [low, high] = span
  const shareOf = (value: number): number => Math.min(1, Math.max(0, (value - low) / (high - low)))
  const from = shareOf(range?.min ?? low)
  const to = shareOf(range?.max ?? high)

  /** The ends of the scale take in what lies beyond them, as the colours do. */
  const choose = (a: number, b: number): void => {
    const [min, max] = [Math.min(a, b), Math.max(a, b)]
    if (min <= 0 && max >= 1) onRange(null)
    else {
      onRange({
        field,
        min: min <= 0 ? Number.NEGATIVE_INFINITY : low + min * (high - low),
        max: max >= 1 ? Number.POSITIVE_INFINITY : low + max * (high - low),
      })
    }
  }
  const shareAt = (event: PointerEvent): number => {
    const box = track.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    return Math.round(share * STEPS) / STEPS
  }
  const down = (event: PointerEvent<HTMLElement>, fixed: number | null): void => {
    event.preventDefault()
    event.stopPropagation()
    track.current?.setPointerCapture(event.pointerId)
    dragFrom.current = fixed ?? shareAt(event)
  }
  const move = (event: PointerEvent): void => {
    if (dragFrom.current === null) return
    const share = shareAt(event)
    if (share !== dragFrom.current) choose(dragFrom.current, share)
  }
  const handleKeys = (event: KeyboardEvent, share: number, other: number, min: number, max: number): void => {
    const step = stepOf(event.key)
    if (event.key === 'Delete' || event.key === 'Backspace') onRange(null)
    else if (step === null) return
    else choose(Math.min(max, Math.max(min, share + step)), other)
    event.preventDefault()
    event.stopPropagation()
  }
  const handle = (which: 'lower' | 'upper') => {
    const share = which === 'lower' ? from : to
    const other = which === 'lower' ? to : from
    const [min, max] = which === 'lower' ? [0, to] : [from, 1]
    return (
      <button
        type="button"
        role="slider"
        className="legend-handle"
        style={{ left: `${share * 100}%` }}
        data-set={range === null ? undefined : ''}
        aria-label={say(`floor.legend.${which}`, { title: definition.title })}
        aria-valuemin={low * definition.display.scale}
        aria-valuemax={high * definition.display.scale}
        aria-valuenow={(low + share * (high - low)) * definition.display.scale}
        aria-valuetext={shown(definition, low + share * (high - low))}
        onPointerDown={(event) => down(event, other)}
        onKeyDown={(event) => handleKeys(event, share, other, min, max)}
      />
    )
  }
  const scale = scaleLinear()
    .domain([low * definition.display.scale, high * definition.display.scale])
    .range([0, 100])
  const format = scale.tickFormat(5)
  return (
    <div className="legend-scale">
      <div
        ref={track}
        className="legend-track"
        onPointerDown={(event) => down(event, null)}
        onPointerMove={move}
        onPointerUp={() => (dragFrom.current = null)}
        onPointerCancel={() => (dragFrom.current = null)}
      >
        <svg viewBox={`0 0 ${BINS} 100`} preserveAspectRatio="none" aria-hidden="true">
          <path className="legend-stale" d={bars(all, all, stale)} />
          <path d={bars(counts, all)} />
        </svg>
        <Ramp />
        <span className="legend-out" style={{ left: 0, width: `${from * 100}%` }} />
        <span className="legend-out" style={{ left: `${to * 100}%`, right: 0 }} />
        {limits !== null &&
          (['advisory', 'critical'] as const).map((severity) => (
            <span
              key={severity}
              className="legend-threshold"
              style={{ left: `${shareOf(limits[severity]) * 100}%` }}
            >
              <Glyph
                name={severity}
                label={say(limitsFall(limits) ? 'floor.legend.limit.falling' : 'floor.legend.limit', {
                  severity: message(`severity.${severity}`),
                  limit: shown(definition, limits[severity]),
                })}
              />
            </span>
          ))}
        {handle('lower')}
        {handle('upper')}
      </div>
      <div className="legend-ticks" aria-hidden="true">
        {scale.ticks(5).map((tick) => (
          <span key={tick} style={{ left: `${scale(tick)}%` }}>
            {format(tick)}
          </span>
        ))}
      </div>
    </div>
  )
}

function stepOf(key: string): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return 1 / STEPS
    case 'ArrowLeft':
    case 'ArrowDown':
      return -1 / STEPS
    case 'PageUp':
      return 0.1
    case 'PageDown':
      return -0.1
    case 'Home':
      return -1
    case 'End':
      return 1
    default:
      return null
  }
}

/**
 * Square roots, so that the few at the ends are seen beside the many in the middle.
 * @param scale counts that the heights are scaled by
 * @param only bins that are drawn: those that are not 0 here
 */
function bars(counts: Uint32Array, scale: Uint32Array, only: Uint32Array = counts): string {
  const most = Math.sqrt(scale.reduce((top, count) => Math.max(top, count), 1))
  let path = ''
  counts.forEach((count, bin) => {
    if (count === 0 || only[bin] === 0) return
    const height = Math.max(4, (Math.sqrt(count) / most) * 92)
    path += `M${bin + 0.08} 100V${(100 - height).toFixed(1)}h0.84V100z`
  })
  return path
}

/** The very colours of the cells, step by step. */
function Ramp() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const colours = useColours()
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    createColourTable(paletteFrom(colours)).ramp.forEach((colour, step) => {
      context.fillStyle = colour
      context.fillRect(step, 0, 1, 1)
    })
  }, [colours])
  return <canvas ref={canvas} width={RAMP_STEPS} height={1} aria-hidden="true" />
}

function StateKey() {
  return (
    <ul className="legend-key" aria-label={say('floor.legend.signs')}>
      <li>
        <Glyph name="critical" /> {say('severity.critical')}
      </li>
      <li>
        <Glyph name="advisory" /> {say('severity.advisory')}
      </li>
      <li>
        <Glyph name="implausible" /> {say('floor.legend.refused')}
      </li>
      <li>
        <span className="legend-swatch legend-swatch-stale" /> {say('floor.legend.stale')}
      </li>
      <li>
        <span className="legend-swatch" /> {say('floor.legend.absent')}
      </li>
    </ul>
  )
}

function shown(definition: Field, value: number): string {
  const { unit, scale, digits } = definition.display
  if (!Number.isFinite(value)) return say(value < 0 ? 'floor.legend.lowest' : 'floor.legend.highest')
  return figureText(value * scale, { unit, digits })
}
