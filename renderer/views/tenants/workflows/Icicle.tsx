import { visibleName } from '../../../../shared/model/foreignText.ts'
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { grouped } from '../../../../shared/model/phrases.ts'
import { say } from '../../../../shared/messages/format.ts'
import { paletteFrom } from '../../../draw/colour.ts'
import { layoutIcicle } from '../../../draw/icicle/icicle.ts'
import { cellAt, type IcicleWalk, walkIcicle } from '../../../draw/icicle/hit.ts'
import { type IcicleScene, paintIcicle, paintIciclePointing } from '../../../draw/icicle/paint.ts'
import { sizeCanvas } from '../../../draw/loop.ts'
import { isBranch } from '../../../state/workflows/rows.ts'
import { type JobTree, wayTo } from '../../../state/workflows/tree.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { useColours } from '../../../ui/theme/colours.ts'
import { remPx } from '../../../ui/theme/rem.ts'
import { cellWords, icicleLooks } from './icicleLooks.ts'

interface IcicleProps {
  readonly tree: JobTree
  /** Of the job. */
  readonly name: string
  /** Place of the step that fills the width; -1: the whole job does. */
  readonly branch: number
  /** Place; -1 for none. */
  readonly selected: number
  /** 1 for steps that the chosen reason is about; null: none is chosen. */
  readonly about: Uint8Array | null
  readonly onSelect: (place: number) => void
  /** Lets a branch fill the width; -1: the whole job. */
  readonly onEnter: (place: number) => void
}

/** px for a root font of 16 px. */
const ROW_HEIGHT = 24
const ROWS = 9
/** px: narrower siblings are drawn as one. */
const SMALLEST = 3

const WALKS: Readonly<Record<string, IcicleWalk>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'first',
}

/** Where the tokens of a job went: widths are tokens, each row is a level deeper. */
export function Icicle(props: IcicleProps) {
  const { tree, name, selected, about, onSelect, onEnter } = props
  // A single step that explains everything needs no bar of the whole above it.
  const [only = -1] = tree.roots.length === 1 && tree.unexplained === 0n ? tree.roots : []
  const branch = props.branch === -1 ? only : props.branch
  const frame = useRef<HTMLDivElement>(null)
  const cells = useRef<HTMLCanvasElement>(null)
  const pointing = useRef<HTMLCanvasElement>(null)
  const hint = useId()
  const size = useSize(frame)
  const colours = useColours()
  const fonts = useFonts()
  const [hover, setHover] = useState(-1)
  const [focus, setFocus] = useState(-1)
  const [focusVisible, setFocusVisible] = useState(false)

  const { width, em } = size
  const layout = useMemo(
    () =>
      layoutIcicle(tree, {
        branch,
        unexplained: branch === -1 ? Number(tree.unexplained) : 0,
        width,
        rowHeight: ROW_HEIGHT * em,
        rows: ROWS,
        smallest: SMALLEST,
      }),
    [tree, branch, width, em],
  )
  // No room for levels that are not there.
  const height = (layout.rowStarts.length - 1) * layout.rowHeight
  const scene = useMemo((): IcicleScene => {
    const palette = paletteFrom(colours)
    return {
      layout,
      looks: icicleLooks(layout, tree, { name, colours, palette }),
      palette,
      fonts,
      em,
      height,
    }
  }, [layout, tree, name, colours, fonts, em, height])
  const marked = useMemo(
    () =>
      about === null
        ? null
        : Uint8Array.from(layout.cells, ({ members }) => (members.some((step) => about[step] === 1) ? 1 : 0)),
    [layout, about],
  )
  const selectedCell = selected < 0 ? -1 : (layout.cellOf[selected] ?? -1)

  useEffect(() => {
    const context = prepared(cells.current, width, height)
    if (context !== null) paintIcicle(context, scene)
  }, [scene, width, height])
  useEffect(() => {
    const context = prepared(pointing.current, width, height)
    if (context !== null) {
      paintIciclePointing(context, scene, {
        hover: focusVisible && focus >= 0 && focus !== selectedCell ? focus : hover,
        selected: selectedCell,
        focusVisible,
        marked,
      })
    }
  }, [scene, width, height, hover, focus, selectedCell, focusVisible, marked])

  const stepOf = (cell: number): number => layout.cells[cell]?.step ?? -1
  const enter = (step: number): void => {
    if (step >= 0 && step !== branch && isBranch(tree, step)) onEnter(step)
  }
  const out = (): void => {
    if (props.branch >= 0) onEnter(tree.parents[branch] ?? -1)
  }
  const at = (event: PointerEvent | { clientX: number; clientY: number }): number => {
    const box = frame.current?.getBoundingClientRect()
    return box === undefined ? -1 : cellAt(layout, event.clientX - box.left, event.clientY - box.top)
  }
  /** The button that was pressed may be gone afterwards; the keyboard goes on in the picture. */
  const leadTo = (step: number): void => {
    onEnter(step)
    frame.current?.focus({ preventScroll: true })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const way = WALKS[event.key]
    if (way !== undefined) {
      event.preventDefault()
      const from = focus >= 0 && focus < layout.cells.length ? focus : Math.max(selectedCell, 0)
      const to = walkIcicle(layout, from, way)
      setFocus(to)
      setFocusVisible(true)
      if (stepOf(to) >= 0) onSelect(stepOf(to))
    } else if (event.key === 'Enter' || event.key === '+') {
      event.preventDefault()
      enter(focus >= 0 ? stepOf(focus) : selected)
    } else if (event.key === 'Backspace' || event.key === '-') {
      event.preventDefault()
      out()
    } else if (event.key === '0') {
      event.preventDefault()
      if (props.branch !== -1) onEnter(-1)
    }
  }
  // Cells are others after every layout.
  const [laid, setLaid] = useState(layout)
  if (laid !== layout) {
    setLaid(layout)
    setHover(-1)
    setFocus(-1)
  }

  const inspected = layout.cells[hover >= 0 ? hover : focusVisible && focus >= 0 ? focus : selectedCell]
  return (
    <figure className="icicle">
      <figcaption className="icicle-head">
        <h3>{say('icicle.title')}</h3>
        {props.branch >= 0 && <Way tree={tree} name={name} branch={branch} onEnter={leadTo} />}
        <span className="secondary icicle-counts">{countWords(layout.counts)}</span>
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes the keyboard itself */}
      <div
        ref={frame}
        className="icicle-frame"
        style={{ height: `${height}px` }}
        role="application"
        aria-roledescription={say('icicle.role')}
        aria-label={say('icicle.label', { job: name })}
        aria-describedby={hint}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes the keyboard itself
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setFocusVisible(frame.current?.matches(':focus-visible') === true)}
        onBlur={() => setFocusVisible(false)}
        onPointerMove={(event) => setHover(at(event))}
        onPointerLeave={() => setHover(-1)}
        onClick={(event) => {
          const step = stepOf(at(event))
          setFocusVisible(false)
          if (step >= 0) onSelect(step)
        }}
        onDoubleClick={(event) => enter(stepOf(at(event)))}
      >
        <canvas ref={cells} aria-hidden="true" />
        <canvas ref={pointing} aria-hidden="true" />
      </div>
      <p id={hint} className="visually-hidden">
        {say('icicle.hint')}
      </p>
      <p className="icicle-readout" aria-live="polite">
        {inspected === undefined || inspected.kind === 'gap' ? (
          <span className="secondary">{say('icicle.legend')}</span>
        ) : (
          cellWords(inspected, tree, name)
        )}
      </p>
    </figure>
  )
}

interface WayProps extends Pick<IcicleProps, 'tree' | 'name' | 'branch' | 'onEnter'> {}

/** The steps above the branch in sight, each a way out. */
function Way({ tree, name, branch, onEnter }: WayProps) {
  const way = wayTo(tree, branch)
  return (
    <nav className="icicle-way" aria-label={say('icicle.branch')}>
      <Button kind="quiet" onClick={() => onEnter(-1)}>
        {visibleName(name)}
      </Button>
      {way.slice(-4).map((place, index, shown) => (
        <span key={place}>
          {index === 0 && way.length > shown.length ? '› … ' : '› '}
          {place === branch ? (
            <strong>{visibleName(tree.steps[place]?.name ?? '')}</strong>
          ) : (
            <Button kind="quiet" onClick={() => onEnter(place)}>
              {visibleName(tree.steps[place]?.name ?? '')}
            </Button>
          )}
        </span>
      ))}
    </nav>
  )
}

function countWords({
  drawn,
  grouped: inGroups,
  narrow,
  deeper,
}: ReturnType<typeof layoutIcicle>['counts']): string {
  const parts = [say('icicle.drawn', { count: drawn })]
  if (inGroups > 0) parts.push(say('icicle.grouped', { count: grouped(inGroups) }))
  if (deeper > 0) parts.push(say('icicle.deeper', { count: grouped(deeper) }))
  if (narrow > 0) parts.push(say('icicle.narrow', { count: grouped(narrow) }))
  return parts.join(', ')
}

/** The canvas at the device's pixels, cleared by whoever paints. */
function prepared(
  canvas: HTMLCanvasElement | null,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d') ?? null
  if (canvas === null || context === null || width <= 0) return null
  sizeCanvas(canvas, width, height, devicePixelRatio)
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  return context
}

function useSize(frame: { readonly current: HTMLElement | null }): { width: number; em: number } {
  const [size, setSize] = useState({ width: 0, em: 1 })
  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const measure = (): void => {
      const em = remPx() / 16
      const width = element.clientWidth
      setSize((before) => (before.width === width && before.em === em ? before : { width, em }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    // Another screen, another pixel ratio: no resize tells of it.
    addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      removeEventListener('resize', measure)
    }
  }, [frame])
  return size
}

/** Again when the fonts are there: texts drawn before have the widths of others. */
function useFonts(): IcicleScene['fonts'] {
  const [fonts, setFonts] = useState(readFonts)
  useEffect(() => {
    let gone = false
    const look = (): void => {
      if (!gone) setFonts(readFonts())
    }
    document.fonts.ready.then(look, look)
    return () => {
      gone = true
    }
  }, [])
  return fonts
}

function readFonts(): IcicleScene['fonts'] {
  const style = getComputedStyle(document.documentElement)
  return {
    text: style.getPropertyValue('--font-text').trim() || 'system-ui, sans-serif',
    figure: style.getPropertyValue('--font-figure').trim() || 'ui-monospace, monospace',
  }
}
