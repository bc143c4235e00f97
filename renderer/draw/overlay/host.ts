import { visibleName } from '../../../shared/model/foreignText.ts'
import { ACTIVITY_FIELDS } from '../../../shared/model/activity.ts'
import { type FieldId, field as fieldOf } from '../../../shared/model/field.ts'
import { FIGURE, SEVERITY } from '../../../shared/model/figure.ts'
import { NEVER } from '../../../shared/model/frame.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { usersOf, usersText } from '../../../shared/model/users.ts'
import { figureText } from '../../../shared/model/units.ts'
import { say } from '../../../shared/messages/format.ts'
import { rampStep } from '../heatmap.ts'
import { eachRowIn } from '../hit.ts'
import type { Rect } from '../layout/layout.ts'
import { shortDigits } from '../scale.ts'
import { isCritical, isLeftOut, type Scene } from '../scene.ts'
import { visibleWorld } from '../viewport.ts'
import { clock, fitted, square, triangle } from './shapes.ts'

/** Cells of the host level in sight at once; they are at least 96 × 62 px. */
const MOST_CARDS = 600
/** From this inner height on (CSS px at em 1) a card has a line for the figures beside the one shown. */
const TALL_CARD = 104
/** Of several pods that share a GPU; no card has room for more names. */
const MOST_NAMED = 3

/** Each GPU as a small card: slot and type, its figure, the recent past, what runs on it, its MIG instances. */
export function drawHosts(
  context: CanvasRenderingContext2D,
  scene: Scene,
  hatch: CanvasPattern | null,
): void {
  const { layout, view, cell, em, size } = scene
  const filled = onCriticalBlock(scene)
  const rows: number[] = []
  eachRowIn(layout, visibleWorld(view, size), (row, band, column, cellRow) => {
    if (rows.length >= MOST_CARDS) return
    rows.push(row)
    const rect = {
      x: (band.x + column * layout.cell.width) * view.k + view.x,
      y: (band.gridY + cellRow * layout.cell.height) * view.k + view.y,
      width: cell.width - 2 * em,
      height: cell.height - 2 * em,
    }
    context.globalAlpha = isLeftOut(scene, row) ? 0.3 : 1
    drawCard(context, isCritical(scene, row) ? filled : scene, row, rect, hatch)
    context.globalAlpha = 1
  })
  scene.history?.want(rows)
}

/** The scene of a card that is one critical block: everything on it takes the ink that is read there. */
function onCriticalBlock(scene: Scene): Scene {
  const { palette, onCritical: ink } = scene.table
  const block = palette.critical
  const onBlock = { ...palette, surface: block, raised: block, text: ink, textSecondary: ink }
  const signs = { textFaint: ink, rampHigh: ink, critical: ink, implausible: ink }
  return { ...scene, table: { ...scene.table, palette: { ...onBlock, ...signs } } }
}

function drawCard(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: number,
  rect: Rect,
  hatch: CanvasPattern | null,
): void {
  const { em, table, topology, states, values, span, fonts } = scene
  const { palette } = table
  const state = states === null ? FIGURE.absent : (states[row] as number)
  const value = values?.[row] ?? Number.NaN
  const { x, y, width, height } = rect
  const gone = state === FIGURE.absent && !scene.awaited
  context.fillStyle = gone ? palette.surface : palette.raised
  context.fillRect(x, y, width, height)
  if (gone) {
    context.strokeStyle = palette.textFaint
    context.lineWidth = em
    context.strokeRect(x + 1.5 * em, y + 1.5 * em, width - 3 * em, height - 3 * em)
  }
  const known = state === FIGURE.ok || state === FIGURE.zero || state === FIGURE.stale
  // The edge keeps the heat map's colour: zooming in must not lose what was seen from afar.
  const edge = 6 * em
  context.fillStyle =
    known && !Number.isNaN(value)
      ? (table.ramp[rampStep(value, span)] ?? palette.rampLow)
      : state === FIGURE.implausible
        ? palette.implausible
        : palette.hairline
  context.fillRect(x, y, edge, height)

  const inner = {
    x: x + edge + 6 * em,
    y: y + 4 * em,
    width: width - edge - 12 * em,
    height: height - 8 * em,
  }
  const instances = scene.instancesOf(row)
  const foot = inner.height >= 74 * em ? 15 * em : 0
  context.font = `${12 * em}px ${fonts.text}`
  const others = inner.height >= TALL_CARD * em ? otherFigures(context, scene, row, inner.width) : ''
  const chartTop = (others === '' ? 36 : 53) * em
  drawSpark(context, scene, row, { ...inner, y: inner.y + chartTop, height: inner.height - chartTop - foot })
  if (state === FIGURE.stale && hatch !== null) {
    context.globalAlpha *= 0.5
    context.fillStyle = hatch
    context.fillRect(x + edge, y, width - edge, height)
    context.globalAlpha *= 2
  }

  context.textBaseline = 'alphabetic'
  context.font = `${12 * em}px ${fonts.text}`
  context.fillStyle = palette.textSecondary
  context.textAlign = 'left'
  const head = inner.y + 11 * em
  const slot = say('floor.slot', { slot: topology.gpus.slot[row] ?? '?' })
  context.fillText(slot, inner.x, head)
  const after = inner.x + context.measureText(slot).width + 8 * em
  const signed = drawSigns(context, scene, row, inner.x + inner.width, head)
  const type = visibleName(topology.types[topology.gpus.type[row] ?? -1] ?? '')
  context.fillStyle = palette.textFaint
  // "H..." could be an H100 or an H200: a type is told whole or not at all.
  const room = inner.x + inner.width - after - (signed ? 14 * em : 0)
  if (context.measureText(type).width <= room) context.fillText(type, after, head)

  drawFigure(context, scene, row, inner, state, value)
  if (others !== '') {
    context.font = `${12 * em}px ${fonts.text}`
    context.fillStyle = palette.textSecondary
    context.fillText(others, inner.x, inner.y + 48 * em)
  }
  if (foot === 0) return
  const base = inner.y + inner.height - 2 * em
  if (instances.length > 0)
    drawInstances(context, scene, instances, { ...inner, y: base - 9 * em, height: 11 * em })
  else drawWorkload(context, scene, row, inner, base)
}

/**
 * What a person asks next, of those that the frame carries and the exporter sends: "SM 87 % · 540 W · 65 °C". As many as
 * fit whole: half a figure is a wrong one. A share needs its name, because there are several; watts and degrees do not.
 */
const BESIDE: readonly FieldId[] = ['power', 'gpuTemp', 'fbUsed']

function otherFigures(
  context: CanvasRenderingContext2D,
  { frame, field }: Scene,
  row: number,
  room: number,
): string {
  let line = ''
  if (frame === null) return line
  const good = (id: FieldId): number => {
    const column = id === field.id ? -1 : frame.fields.indexOf(id)
    const state = frame.states[column]?.[row]
    return state === FIGURE.ok || state === FIGURE.zero
      ? (frame.values[column]?.[row] ?? Number.NaN)
      : Number.NaN
  }
  const isActivity = ACTIVITY_FIELDS.some((one) => one.field === field.id)
  const activity = isActivity ? undefined : ACTIVITY_FIELDS.find((one) => Number.isFinite(good(one.field)))
  for (const id of activity === undefined ? BESIDE : [activity.field, ...BESIDE]) {
    const value = good(id)
    if (!Number.isFinite(value)) continue
    const { display, short } = fieldOf(id)
    const { unit, scale, digits } = display
    const name = id === activity?.field ? `${short} ` : ''
    const longer = `${line}${line === '' ? '' : ' \u00b7 '}${name}${figureText(value * scale, { unit, digits })}`
    if (context.measureText(longer).width > room) break
    line = longer
  }
  return line
}

function drawFigure(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: number,
  inner: Rect,
  state: number,
  value: number,
): void {
  const { em, table, field, fonts, frame } = scene
  const { palette } = table
  const base = inner.y + 31 * em
  context.font = `${16 * em}px ${fonts.figure}`
  if (state === FIGURE.absent || state === FIGURE.implausible || Number.isNaN(value)) {
    const sign = scene.awaited ? '\u2026' : state === FIGURE.absent ? '\u2014' : '?'
    context.fillStyle = state === FIGURE.absent ? palette.textFaint : palette.implausible
    context.fillText(sign, inner.x, base)
    const after = inner.x + context.measureText(sign).width + 7 * em
    context.font = `${12 * em}px ${fonts.text}`
    const words = say(
      scene.awaited
        ? 'floor.figure.awaited'
        : state === FIGURE.absent
          ? 'floor.figure.none'
          : 'floor.legend.refused',
    )
    context.fillText(fitted(context, words, inner.x + inner.width - after), after, base - em)
    return
  }
  const digits = shortDigits(field, value)
  context.fillStyle = state === FIGURE.stale ? palette.textSecondary : palette.text
  context.fillText(digits, inner.x, base)
  const after = inner.x + context.measureText(digits).width + 3 * em
  context.font = `${12 * em}px ${fonts.text}`
  context.fillStyle = palette.textSecondary
  context.fillText(field.display.unit, after, base)
  // What is last known as a whole is dated beside the picture: ages of its frame stand still.
  if (state !== FIGURE.stale || frame === null || scene.lastKnown) return
  const age = frame.ageMs[row] ?? NEVER
  const text = age === NEVER ? 'never' : formatSpan(age)
  context.textAlign = 'right'
  context.fillText(text, inner.x + inner.width, base)
  context.strokeStyle = palette.textSecondary
  context.lineWidth = em
  context.beginPath()
  clock(context, inner.x + inner.width - context.measureText(text).width - 9 * em, base - 4.5 * em, 9 * em)
  context.stroke()
  context.textAlign = 'left'
}

/** @returns whether there was something to sign */
function drawSigns(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: number,
  right: number,
  base: number,
): boolean {
  const severity = scene.frame?.severity[row] ?? SEVERITY.normal
  if (severity === SEVERITY.normal) return false
  const { em, table } = scene
  context.beginPath()
  if (severity === SEVERITY.advisory) {
    triangle(context, right - 5 * em, base - 4 * em, 10 * em)
    context.fillStyle = table.palette.advisory
  } else {
    square(context, right - 5 * em, base - 4 * em, 10 * em)
    context.fillStyle = table.palette.critical
  }
  context.fill()
  return true
}

function drawWorkload(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: number,
  inner: Rect,
  base: number,
): void {
  const { em, table, topology, fonts } = scene
  const users = usersOf(topology, row)
  const [only] = users
  context.font = `${12 * em}px ${fonts.text}`
  context.fillStyle = only ? table.palette.textSecondary : table.palette.textFaint
  context.textAlign = 'left'
  const isShared = users.length > 1
  const alone = only ? visibleName(only.pod || only.namespace) : say('floor.pod.none')
  const text = isShared ? usersText(users, MOST_NAMED) : alone
  context.fillText(fitted(context, text, inner.width, isShared ? 'end' : 'middle'), inner.x, base)
}

/** One block per MIG instance, as wide as its neighbours: its own figure as colour, its profile where it can be read. */
function drawInstances(
  context: CanvasRenderingContext2D,
  scene: Scene,
  instances: readonly number[],
  box: Rect,
): void {
  const { em, table, topology, states, values, span, fonts } = scene
  const { palette } = table
  const gpus = topology.gpus.host.length
  const width = box.width / instances.length
  context.font = `${9.5 * em}px ${fonts.text}`
  context.textAlign = 'center'
  instances.forEach((row, i) => {
    const x = box.x + i * width
    const state = states?.[row] ?? FIGURE.absent
    const good = state === FIGURE.ok || state === FIGURE.zero
    const step = rampStep(values?.[row] ?? 0, span)
    if (good) {
      context.fillStyle = table.ramp[step] ?? palette.rampLow
      context.fillRect(x, box.y, width - 2 * em, box.height)
    } else {
      context.strokeStyle = state === FIGURE.implausible ? palette.implausible : palette.textFaint
      context.lineWidth = em
      context.strokeRect(x + 0.5 * em, box.y + 0.5 * em, width - 3 * em, box.height - em)
    }
    const profile = visibleName((topology.instances.profile[row - gpus] ?? '').split('.')[0] ?? '')
    if (width < context.measureText(profile).width + 4 * em) return
    context.fillStyle = good ? (table.ink[step] ?? palette.text) : palette.textSecondary
    context.fillText(profile, x + width / 2 - em, box.y + box.height - 2.5 * em)
  })
  context.textAlign = 'left'
}

function drawSpark(context: CanvasRenderingContext2D, scene: Scene, row: number, box: Rect): void {
  const { em, table, span, history } = scene
  if (box.height < 12 * em) return
  context.fillStyle = table.palette.hairline
  context.fillRect(box.x, box.y + box.height - 1, box.width, 1)
  const points = history?.of(row) ?? null
  if (points === null || points.length < 2) return
  const [low, high] = span
  const dx = box.width / (points.length - 1)
  context.beginPath()
  let drawing = false
  points.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      drawing = false
      return
    }
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
    const px = box.x + i * dx
    const py = box.y + 2 + (1 - share) * (box.height - 4)
    if (drawing) context.lineTo(px, py)
    else context.moveTo(px, py)
    drawing = true
  })
  context.strokeStyle = table.palette.rampHigh
  context.lineWidth = 1.25 * em
  context.lineJoin = 'round'
  context.stroke()
}
