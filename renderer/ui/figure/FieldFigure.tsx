import { explain } from '../../../shared/glossary/glossary.ts'
import { GPU_TERMS } from '../../../shared/glossary/gpu.ts'
import { type FieldId, field } from '../../../shared/model/field.ts'
import { notExported } from '../../../shared/model/phrases.ts'
import { say } from '../../../shared/messages/format.ts'
import { Figure } from './Figure.tsx'
import type { FigureProps } from './figureProps.ts'

type FieldFigureProps = Omit<FigureProps, 'label' | 'unit' | 'kind' | 'digits' | 'value'> & {
  readonly field: FieldId
  /** In the exporter's unit, as frames and readings carry it. */
  readonly value: number | null
  readonly label?: string
}

/** A {@link Figure} of one GPU field, in the unit and with the decimals that the field's definition names. */
export function FieldFigure({ field: id, value, label, ...rest }: FieldFigureProps) {
  const { title, series, display } = field(id)
  return (
    <Figure
      {...rest}
      label={label ?? title}
      meaning={explain(GPU_TERMS[id])}
      value={value === null ? null : value * display.scale}
      unit={display.unit}
      digits={display.digits}
      source={rest.source ?? series[0] ?? ''}
      {...(rest.reason === undefined && isAbsent(value, rest.state)
        ? { reason: whyAbsent(id, rest.at) }
        : {})}
    />
  )
}

function isAbsent(value: number | null, state: FigureProps['state']): boolean {
  return state === 'absent' || (state === undefined && value === null)
}

/** @param at when the GPU's newest sample was taken; null: there was none yet, so nothing is known of what it sends */
function whyAbsent(id: FieldId, at: number | null | undefined): string {
  return at == null ? say('figure.noSample') : notExported(id)
}
