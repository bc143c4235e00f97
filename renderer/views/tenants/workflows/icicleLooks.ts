import { visibleName } from '../../../../shared/model/foreignText.ts'
import { figureText } from '../../../../shared/model/units.ts'
import { grouped, plural } from '../../../../shared/model/phrases.ts'
import { say } from '../../../../shared/messages/format.ts'
import { mix, type Palette } from '../../../draw/colour.ts'
import type { IcicleCell, IcicleLayout } from '../../../draw/icicle/icicle.ts'
import type { IcicleLook } from '../../../draw/icicle/paint.ts'
import type { JobTree } from '../../../state/workflows/tree.ts'
import { KIND_COLOURS, KIND_WORDS } from '../../../state/workflows/outcomes.ts'
import type { Colours } from '../../../ui/theme/colours.ts'

/** Large areas in the colours of the legend would outshout the alarms. */
const CALM = 0.5

/** How the cells look, one for each. @param name of the job */
export function icicleLooks(
  layout: IcicleLayout,
  tree: JobTree,
  { name, colours, palette }: { name: string; colours: Colours; palette: Palette },
): IcicleLook[] {
  const plain = { fill: palette.raised, hatched: false }
  return layout.cells.map((cell) => {
    const figure = figureText(Math.round(cell.value), { unit: 'tok' })
    const step = tree.steps[cell.step]
    if (cell.kind === 'whole') return { ...plain, label: visibleName(name), figure }
    if (cell.kind === 'rest') return { ...plain, label: say('icicle.rest'), figure }
    if (step === undefined) return { ...plain, label: '', figure: '' }
    const fill = mix(palette.surface, colours[KIND_COLOURS[step.kind]], CALM)
    if (cell.kind === 'group') return { fill, hatched: false, label: groupWords(cell, tree), figure }
    return { fill, hatched: tree.wasted[cell.step] === 1, label: visibleName(step.name), figure }
  })
}

/** What a cell is, in a line below the picture. */
export function cellWords(cell: IcicleCell, tree: JobTree, name: string): string {
  const tokens = figureText(Math.round(cell.value), { unit: 'tok' })
  const step = tree.steps[cell.step]
  if (cell.kind === 'whole') return say('icicle.cell.job', { job: visibleName(name), tokens })
  if (cell.kind === 'rest') return say('icicle.cell.rest', { tokens })
  if (step === undefined) return ''
  if (cell.kind === 'group') {
    return say('icicle.cell.group', {
      steps: groupWords(cell, tree),
      tokens,
      largest: visibleName(step.name),
    })
  }
  const values = { step: visibleName(step.name), kind: KIND_WORDS[step.kind].title, tokens }
  return cell.hidden > 0
    ? say('icicle.cell.deeper', { ...values, hidden: cell.hidden })
    : say('icicle.cell', values)
}

/** "819 × mixtral-8x22b" where one name took all the tokens, else "1,638 steps". */
function groupWords({ members }: IcicleCell, tree: JobTree): string {
  const took = members.flatMap((place) => {
    const step = tree.steps[place]
    return step === undefined || step.total === '0' ? [] : [step.name]
  })
  const [name] = took
  return name !== undefined && took.every((other) => other === name)
    ? `${grouped(took.length)} × ${visibleName(name)}`
    : plural(members.length, 'step')
}
