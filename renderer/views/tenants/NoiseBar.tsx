import { explain } from '../../../shared/glossary/glossary.ts'
import { NOISE_TERMS } from '../../../shared/glossary/tenants.ts'
import { NOISE_PARTS, NOISE_WEIGHTS, type NoisePart } from '../../../shared/model/noise.ts'
import { figureText } from '../../../shared/model/units.ts'
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
          ? 'No noisy score: too little is known of this tenant.'
          : `Noisy score ${said(score)}: the sum of part × weight. ${sharedWeights(parts)}`}
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
                  ? 'not known'
                  : `${said(value)}, weight ${said(NOISE_WEIGHTS[part])}${score === null ? '' : `: adds ${said(additions[part])}`}`}
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
  return knownWeight(parts) > 0.999 ? '' : 'The weight of what is not known is shared among the rest.'
}

function said(value: number | null): string {
  return value === null ? 'not known' : figureText(value, { digits: 2 })
}

/** "share 0.21, excess 0.30": what the segments say, largest first. */
function spokenParts(additions: NoiseValues): string {
  const known = NOISE_PARTS.flatMap((part) => {
    const adds = additions[part]
    return adds === null ? [] : [{ part, adds }]
  })
  if (known.length === 0) return 'no parts known'
  return known
    .toSorted((a, b) => b.adds - a.adds)
    .map(({ part, adds }) => `${NOISE_TERMS[part].name.toLowerCase()} ${said(adds)}`)
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
      Noisy:
      {NOISE_PARTS.map((part) => (
        <Explained
          key={part}
          by={`${NOISE_TERMS[part].name}: ${explain(NOISE_TERMS[part])} Weight ${said(NOISE_WEIGHTS[part])}.`}
        >
          <PartKey part={part} /> {NOISE_TERMS[part].name.toLowerCase()}
        </Explained>
      ))}
    </p>
  )
}
