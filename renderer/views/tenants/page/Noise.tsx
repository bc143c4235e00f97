import { explain } from '../../../../shared/glossary/glossary.ts'
import { NOISE_TERMS } from '../../../../shared/glossary/tenants.ts'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { inSentence, say } from '../../../../shared/messages/format.ts'
import { noiseAdditions, type NoiseValues } from '../../../state/tenants/noise.ts'
import { PlainHead } from '../../../ui/table/PlainHead.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { NoiseBar, PartKey, sharedWeights } from '../NoiseBar.tsx'
import { tenantProvenance } from '../provenance.ts'
import { Part } from './Part.tsx'

/** The noisy score and why it is what it is: every part with its weight and a sentence. */
export function Noise({ tenant }: { tenant: TenantDetail }) {
  const { noise, noiseParts } = tenant
  const values = Object.fromEntries(noiseParts.map(({ part, value }) => [part, value])) as NoiseValues
  const additions = noiseAdditions(noise, values)
  const note = noise === null ? '' : sharedWeights(values)
  const figure = (label: string, value: number | null) => (
    <Figure
      {...tenantProvenance(tenant, 'noise', value)}
      label={label}
      value={value}
      digits={2}
      align="end"
      size="tiny"
    />
  )
  return (
    <Part
      title={say('tenant.noise')}
      figure={
        <Figure
          {...tenantProvenance(tenant, 'noise', noise)}
          label={say('tenant.noise.score')}
          value={noise}
          digits={2}
          size="normal"
        />
      }
    >
      <NoiseBar score={noise} parts={values} />
      <table className="tenant-table noise-table">
        <PlainHead
          columns={[
            say('tenant.noise.part'),
            { title: say('tenant.noise.value'), end: true },
            { title: say('tenant.noise.weight'), end: true },
            { title: say('tenant.noise.adds'), end: true },
            say('tenant.noise.why'),
          ]}
        />
        <tbody>
          {noiseParts.map(({ part, value, weight, text }) => {
            const { name: title } = NOISE_TERMS[part]
            return (
              <tr key={part}>
                <th scope="row" title={explain(NOISE_TERMS[part])}>
                  <PartKey part={part} /> {title}
                </th>
                <td className="end">{figure(title, value)}</td>
                <td className="end">
                  {figure(say('tenant.noise.weight.of', { part: inSentence(title) }), weight)}
                </td>
                <td className="end">
                  {figure(say('tenant.noise.adds.of', { part: inSentence(title) }), additions[part])}
                </td>
                <td className="secondary">
                  <span className="clamped" title={text}>
                    {text}
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {note !== '' && <p className="secondary">{note}</p>}
    </Part>
  )
}
