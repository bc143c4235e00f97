import type { ReactNode } from 'react'
import { explain } from '../../../shared/glossary/glossary.ts'
import type { Term } from '../../../shared/glossary/term.ts'
import { Figure } from '../figure/Figure.tsx'
import type { FigureProps } from '../figure/figureProps.ts'
import { Tile } from './Tile.tsx'

interface FigureTileProps {
  /** A term of the glossary, whose meaning the figure then explains, or a label of the tile alone. */
  readonly of: Term | string
  /** Called as the tile is, where it has no label of its own, and large where it names no size. */
  readonly figure: Omit<FigureProps, 'label'> & { readonly label?: string }
  readonly note?: ReactNode
  readonly chart?: ReactNode
}

/** The usual {@link Tile}: one figure, with a note or a chart below it. */
export function FigureTile({ of, figure, note, chart }: FigureTileProps) {
  const label = typeof of === 'string' ? of : of.name
  const meaning = typeof of === 'string' ? {} : { meaning: explain(of) }
  return (
    <Tile label={label} {...(note === undefined ? {} : { note })} {...(chart === undefined ? {} : { chart })}>
      <Figure size="large" {...meaning} {...figure} label={figure.label ?? label} />
    </Tile>
  )
}
