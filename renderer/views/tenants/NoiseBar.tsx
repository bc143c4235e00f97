import { explain } from '../../../shared/glossary/glossary.ts'
import { NOISE_TERMS } from '../../../shared/glossary/tenants.ts'
import { NOISE_PARTS, NOISE_WEIGHTS, type NoisePart } from '../../../shared/model/noise.ts'
import { figureText } from '../../../shared/model/units.ts'
import { inSentence, say } from '../../../shared/messages/format.ts'
import { knownWeight, noiseAdditions, type NoiseValues } from '../../state/tenants/noise.ts'
import { PART_COLOURS } from '../../state/tenants/states.ts'
import { Explained } from '../../ui/tooltip/Explained.tsx'

interface NoiseBarProps {
  readonly score: number | null
  readonly parts: NoiseValues
}

/** The noisy score as what it is made of: each segment is what a part adds, all of them together the score. */
export function NoiseBar({ score, parts }: NoiseBarProps) {
  const additions = noiseAdditions(score, parts)
  return (
    <Explained className="noise" by={<NoiseWords score={score} parts={parts} />}>
      <span className="visually-hidden">{spokenParts(additions)}</span>
      <span className="noise-track" aria-hidden="true">
        {NOISE_PARTS.map((part) => {
          const adds = additions[part]
          return adds === null || adds <= 0 ? null : (
            <span
              key={part}
              className="noise-part"
              style={{ inlineSize: `${Math.min(1, adds) * 100}%`, background: PART_COLOURS[part] }}
            />
          )
        })}
      </span>
    </Explained>
  )
}

function NoiseWords({ score, parts }: NoiseBarProps) {
  const additions = noiseAdditions(score, parts)
  return (
    <>
      <p>
        {score === null
          ? say('noise.score.unknown')
          : say('noise.score', { score: said(score), note: sharedWeights(parts) })}
      </p>
      <dl>
        {NOISE_PARTS.map((part) => {
          const value = parts[part]
          return (
            <div key={part} className="noise-words">
              <dt>
                <PartKey part={part} /> {NOISE_TERMS[part].name}
              </dt>
              <dd>
                {value === null
                  ? say('noise.unknown')
                  : score === null
                    ? say('noise.part', { value: said(value), weight: said(NOISE_WEIGHTS[part]) })
                    : say('noise.part.adds', {
                        value: said(value),
                        weight: said(NOISE_WEIGHTS[part]),
                        adds: said(additions[part]),
                      })}
              </dd>
            </div>
          )
        })}
      </dl>
    </>
  )
}

/** Said where a part is missing; '' where all are known. */
export function sharedWeights(parts: NoiseValues): string {
  return knownWeight(parts) > 0.999 ? '' : say('noise.sharedWeights')
}

function said(value: number | null): string {
  return value === null ? say('noise.unknown') : figureText(value, { digits: 2 })
}

/** "share 0.21, excess 0.30": what the segments say, largest first. */
function spokenParts(additions: NoiseValues): string {
  const known = NOISE_PARTS.flatMap((part) => {
    const adds = additions[part]
    return adds === null ? [] : [{ part, adds }]
  })
  if (known.length === 0) return say('noise.noParts')
  return known
    .toSorted((a, b) => b.adds - a.adds)
    .map(({ part, adds }) =>
      say('noise.spoken', { part: inSentence(NOISE_TERMS[part].name), adds: said(adds) }),
    )
    .join(', ')
}

export function PartKey({ part }: { part: NoisePart }) {
  return (
    <svg className="noise-key" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" rx="2" fill={PART_COLOURS[part]} />
    </svg>
  )
}

/** Which colour is which part, in the order of the segments. */
export function NoiseLegend() {
  return (
    <p className="noise-legend secondary">
      {say('noise.legend')}
      {NOISE_PARTS.map((part) => (
        <Explained
          key={part}
          by={say('noise.legend.part', {
            part: NOISE_TERMS[part].name,
            meaning: explain(NOISE_TERMS[part]),
            weight: said(NOISE_WEIGHTS[part]),
          })}
        >
          <PartKey part={part} /> {inSentence(NOISE_TERMS[part].name)}
        </Explained>
      ))}
    </p>
  )
}
