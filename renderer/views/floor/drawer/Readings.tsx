import { textOf } from '../../../../shared/messages/format.ts'
import type { Reading } from '../../../../shared/contract/fleet.ts'
import { xidMeaning } from '../../../../shared/model/xid.ts'
import { field } from '../../../../shared/model/field.ts'
import { DrawerSection, Properties, Property } from '../../../ui/drawer/Drawer.tsx'
import { notExported } from '../../../../shared/model/phrases.ts'
import { say } from '../../../../shared/messages/format.ts'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { clockEventWords, READING_GROUPS, readingsOf } from './figures.ts'

interface ReadingsProps {
  readonly readings: readonly Reading[]
  readonly origin: string
  /** Whether any sample of the GPU has come: before that nothing is known of what its exporter sends. */
  readonly seen: boolean
}

/** Every figure that the exporter sends for a GPU, grouped by the question that it answers. */
export function Readings({ readings, origin, seen }: ReadingsProps) {
  return READING_GROUPS.map(({ title, fields }) => {
    const here = readingsOf(fields, readings)
    if (here.length === 0) return null
    return (
      <DrawerSection key={title} title={title}>
        <Properties figures>
          {here.map((reading) => (
            <Property key={reading.field} name={field(reading.field).title}>
              <ReadingFigure reading={reading} origin={origin} seen={seen} />
            </Property>
          ))}
        </Properties>
      </DrawerSection>
    )
  })
}

function ReadingFigure({ reading, origin, seen }: Omit<ReadingsProps, 'readings'> & { reading: Reading }) {
  const { value, state } = reading
  const figure = (
    <FieldFigure
      field={reading.field}
      value={state === 'implausible' ? null : value}
      state={state}
      at={reading.at}
      align="end"
      source={`${field(reading.field).series[0]} · ${origin}`}
      refused={state === 'implausible' ? value : null}
      reason={reasonOf(reading, seen)}
    />
  )
  const words = state === 'ok' && value !== null ? wordsOf(reading.field, value) : null
  if (words === null) return figure
  return (
    <>
      <span className="reading-words">{words}</span> {figure}
    </>
  )
}

function reasonOf({ field: id, state, why }: Reading, seen: boolean): string {
  if (state === 'absent' && !seen) return say('gpu.reading.noSample')
  if (state === 'absent')
    return why === undefined
      ? notExported(id)
      : say('gpu.reading.absent', { why, series: field(id).series.join(', ') })
  return state === 'implausible' ? say('gpu.reading.implausible') : ''
}

/** A code is no figure until somebody says what it means. */
function wordsOf(id: Reading['field'], value: number): string | null {
  if (id === 'xid') return textOf(xidMeaning(value).name)
  if (id === 'clockEvents') return clockEventWords(value)
  return null
}
