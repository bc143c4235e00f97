import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { field as fieldOf, type FieldId } from '../../../../shared/model/field.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { say } from '../../../../shared/messages/format.ts'
import { paletteFrom } from '../../../draw/colour.ts'
import { type Rect, rectOf } from '../../../draw/layout/layout.ts'
import { MOST_COMPARED } from '../../../draw/overlay/pointing.ts'
import { createPicture, type Picture } from '../../../draw/picture.ts'
import { toScreen } from '../../../draw/viewport.ts'
import { fleetStore, type FrameStore } from '../../../state/fleet/frameStore.ts'
import type { HistoryProvider } from '../../../state/fleet/historyProvider.ts'
import { useFleet, useTopology } from '../../../state/fleet/useFleet.ts'
import { useStaleSince } from '../../../ui/figure/freshness.ts'
import { LastGood } from '../../../ui/figure/LastGood.tsx'
import { useColours } from '../../../ui/theme/colours.ts'
import { remPx } from '../../../ui/theme/rem.ts'
import { listenToGestures } from './gestures.ts'
import { useNow } from '../../../state/now.ts'
import { useSiteZone } from '../../../ui/figure/freshness.ts'
import { unreadConditions } from '../findings/unread.tsx'
import { useFindings } from '../useFindings.ts'
import { EmptySlotCard, HoverCard } from './HoverCard.tsx'
import { moveView, pictureKey, showRow, walk } from './walking.ts'
import { spokenHole, spokenRow } from './spokenRow.ts'
import './picture.css'

export interface FloorPictureProps {
  readonly store?: FrameStore
  readonly field: FieldId
  /** 1 for rows that the filter leaves; the others are dimmed. null without a filter. */
  readonly mask: Uint8Array | null
  /** 1 for rows to be ringed: what a search has found. */
  readonly highlights?: Uint8Array | null
  /** Rows in the order of their selection; two to four of them are numbered for comparison. */
  readonly selected: readonly number[]
  readonly onSelect: (rows: readonly number[]) => void
  readonly onHover?: (row: number | null) => void
  readonly onOpen: (row: number) => void
  readonly history?: HistoryProvider | null
}

function lessMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** The floor as one picture: look, zoom, walk with the arrow keys, select. Frames go past React straight to the canvas. */
export function FloorPicture(props: FloorPictureProps) {
  const { store = fleetStore, field, mask, highlights = null, selected, history = null } = props
  const frame = useRef<HTMLDivElement>(null)
  const floor = useRef<HTMLCanvasElement>(null)
  const top = useRef<HTMLCanvasElement>(null)
  const [picture, setPicture] = useState<Picture | null>(null)
  const [hover, setHover] = useState(-1)
  const [focus, setFocus] = useState(-1)
  const [focusVisible, setFocusVisible] = useState(false)
  const [band, setBand] = useState<Rect | null>(null)
  const [moved, setMoved] = useState(0)
  const topology = useTopology(store)
  const lastKnown = useStaleSince() !== null
  const colours = useColours()
  const hint = useId()
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    if (frame.current === null || floor.current === null || top.current === null) return undefined
    const element = frame.current
    const created = createPicture({
      canvases: { floor: floor.current, pointing: top.current },
      // The card beside the cell has to follow it.
      onView: () => setMoved((count) => count + 1),
    })
    const follow = (): void => {
      const { topology, frame } = store.picture()
      created.setFleet(topology, frame)
    }
    let screen = ''
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect()
      if (width === 0 || height === 0) return
      // A drawer or a notice only takes room from the picture; a window of another size is another picture.
      const now = `${innerWidth} ${innerHeight}`
      created.setSize({ width, height }, devicePixelRatio, screen !== now)
      screen = now
    }
    measure()
    follow()
    const unsubscribe = store.subscribe(follow)
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    // Another screen, another pixel ratio: no resize tells of it.
    addEventListener('resize', measure)
    setPicture(created)
    return () => {
      unsubscribe()
      observer.disconnect()
      removeEventListener('resize', measure)
      created.destroy()
      setPicture(null)
    }
  }, [store])

  useEffect(() => picture?.setField(field), [picture, field])
  useEffect(() => picture?.setLastKnown(lastKnown), [picture, lastKnown])
  useEffect(() => picture?.setMask(mask), [picture, mask])
  useEffect(() => picture?.setHighlights(highlights), [picture, highlights])
  useEffect(() => {
    if (picture === null) return undefined
    picture.setHistory(history)
    return history?.subscribe(() => picture.refreshHistory())
  }, [picture, history])
  useEffect(() => {
    if (picture === null) return
    const look = (): void => {
      const style = getComputedStyle(document.documentElement)
      picture.setLook({
        palette: paletteFrom(colours),
        fonts: {
          text: style.getPropertyValue('--font-text').trim() || 'system-ui, sans-serif',
          figure: style.getPropertyValue('--font-figure').trim() || 'ui-monospace, monospace',
        },
        em: remPx() / 16,
      })
    }
    look()
    // Texts drawn before the fonts were there have the widths of others.
    void document.fonts.ready.then(look)
  }, [picture, colours])
  useEffect(() => {
    picture?.setPointing({ hover, focus, focusVisible, selected, band })
  }, [picture, hover, focus, focusVisible, selected, band])

  // Rows of an older topology are other GPUs now.
  const [seen, setSeen] = useState(topology.version)
  if (seen !== topology.version) {
    setSeen(topology.version)
    setHover(-1)
    setFocus(-1)
  }

  // What was chosen in a list comes into sight.
  const only = selected.length === 1 ? (selected[0] ?? -1) : -1
  useEffect(() => {
    if (picture !== null && only >= 0) showRow(picture, only, !lessMotion())
  }, [picture, only])

  const point = useCallback((row: number) => {
    setHover(row)
    latest.current.onHover?.(row < 0 ? null : row)
  }, [])
  const toggle = useCallback((row: number) => {
    const { selected, onSelect } = latest.current
    if (row < 0) return
    const rest = selected.filter((one) => one !== row)
    onSelect(rest.length < selected.length ? rest : [...rest, row].slice(-MOST_COMPARED))
  }, [])

  useEffect(() => {
    if (picture === null || frame.current === null) return undefined
    return listenToGestures(frame.current, {
      picture,
      onHover: point,
      onBandMove: setBand,
      animate: () => !lessMotion(),
      onPick(row, add) {
        setFocusVisible(false)
        setFocus(row)
        if (add) toggle(row)
        else latest.current.onSelect(row < 0 ? [] : [row])
      },
      onBand(rows, add) {
        const before = add ? latest.current.selected : []
        latest.current.onSelect([...new Set([...before, ...rows])])
      },
    })
  }, [picture, point, toggle])

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = pictureKey(event)
    if (key === null || picture === null) return
    event.preventDefault()
    const animate = !lessMotion()
    if (moveView(picture, key, focus, animate)) return
    if (key.kind === 'open' || key.kind === 'toggle') {
      if (focus < 0) return
      if (key.kind === 'open') props.onOpen(focus)
      else toggle(focus)
      return
    }
    const next = focus === -1 ? firstFocus(picture) : walk(picture, key, focus)
    if (next === null || next === -1) return
    setFocus(next)
    setFocusVisible(true)
    point(-1)
    // Held arrow keys would never arrive if each step travelled.
    showRow(picture, next, animate && key.kind !== 'walk')
  }

  const inspected = hover === -1 && focusVisible ? focus : hover
  const { title } = fieldOf(field)
  const count = figureText(topology.gpus.host.length, { kind: 'count' })
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes the keyboard itself
    <div
      ref={frame}
      className="floor-picture-frame"
      role="application"
      aria-roledescription={say('floor.picture.role')}
      aria-label={say('floor.picture.label', { metric: title, count })}
      aria-describedby={hint}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes the keyboard itself
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (picture === null || frame.current?.matches(':focus-visible') !== true) return
        setFocusVisible(true)
        setFocus((row) => (row === -1 ? firstFocus(picture) : row))
      }}
      onBlur={() => setFocusVisible(false)}
    >
      <canvas ref={floor} aria-hidden="true" />
      <canvas ref={top} aria-hidden="true" />
      <p id={hint} className="visually-hidden">
        {say('floor.picture.hint')}
      </p>
      {picture !== null && inspected !== -1 && (
        <Inspection picture={picture} store={store} field={field} row={inspected} moved={moved} />
      )}
      <Spoken store={store} field={field} row={focusVisible ? focus : -1} />
      <LastGood />
    </div>
  )
}

/** The worst place first, else the first GPU. */
function firstFocus(picture: Picture): number {
  const { counts, layout } = picture.scene
  return counts.critical[0] ?? counts.advisory[0] ?? (layout.pixelOf.length > 0 ? 0 : -1)
}

interface InspectionProps {
  readonly picture: Picture
  readonly store: FrameStore
  readonly field: FieldId
  readonly row: number
  /** Changes with the view, so that the card follows. */
  readonly moved: number
}

/** Its own component, so that only the card renders with every frame. */
function Inspection({ picture, store, field, row }: InspectionProps) {
  const { topology, frame } = useFleet(store)
  const { list, topologyVersion } = useFindings()
  const zone = useSiteZone()
  const now = useNow()
  const { layout, view, size } = picture.scene
  const rect = rectOf(layout, row)
  if (rect === null) return null
  const at = toScreen(view, rect)
  if (at.x > size.width || at.y > size.height || at.x + at.width < 0 || at.y + at.height < 0) return null
  if (row < 0) return <EmptySlotCard topology={topology} hole={row} at={at} within={size} />
  const current = topologyVersion === topology.version ? list : []
  const unread = unreadConditions(current, row, zone, now)
  return <HoverCard {...{ topology, frame, field, row, unread, at }} within={size} />
}

/** The focused GPU in words. Spoken when the focus moves, not with every frame: that would be too much to listen to. */
function Spoken({ store, field, row }: { store: FrameStore; field: FieldId; row: number }) {
  const lastKnown = useStaleSince() !== null
  const text = useMemo(() => {
    const { topology, frame } = store.picture()
    if (row < -1) return spokenHole(topology, row)
    return row < 0 ? '' : spokenRow(topology, frame, fieldOf(field), row, lastKnown)
  }, [store, field, row, lastKnown])
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  )
}
