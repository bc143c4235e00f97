import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import type { WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import type { FigureProps } from '../../../ui/figure/figureProps.ts'
import { MoneyFigure } from '../../../ui/figure/MoneyFigure.tsx'
import { lackOf } from '../../../state/tokens/measures.ts'
import { isOld } from '../../tokens/provenance.ts'
import { shareDigits } from '../provenance.ts'
import { originText } from '../../../state/tokens/originWords.ts'

interface TokensProps extends Pick<FigureProps, 'label' | 'size' | 'align'> {
  readonly origin: TokenOrigin
  /** A whole number in a string: jobs may outgrow a double. */
  readonly count: string
}

/** An exact count of tokens. */
export function Tokens({ origin, count, ...rest }: TokensProps) {
  return <Figure {...rest} {...origins(origin)} value={BigInt(count)} unit="tok" />
}

interface PartProps extends TokensProps {
  readonly part: 'cachedInput' | 'reasoning'
}

/** A part of input or output. Of a metering that does not count it apart, 0 says nothing, and is none. */
export function PartTokens({ part, ...props }: PartProps) {
  const { origin, count, ...rest } = props
  const isCounted = count !== '0' || !origin.lacks.some(({ what }) => what === part)
  if (isCounted) return <Tokens {...props} />
  return <Figure {...rest} {...origins(origin)} value={null} unit="tok" reason={lackOf(origin, part)} />
}

interface CountProps extends Pick<FigureProps, 'label' | 'size' | 'align' | 'severity'> {
  readonly origin: TokenOrigin
  readonly count: number
}

export function Count({ origin, count, ...rest }: CountProps) {
  return <Figure {...rest} {...origins(origin)} value={count} kind="count" />
}

interface ShareProps extends Pick<FigureProps, 'label' | 'size' | 'align'> {
  readonly origin: TokenOrigin
  /** 0–1; null where there is nothing to take a share of. */
  readonly share: number | null
}

export function Share({ origin, share, ...rest }: ShareProps) {
  return (
    <Figure
      {...rest}
      {...origins(origin)}
      value={share === null ? null : share * 100}
      unit="%"
      digits={share !== null && share > 0 && share < 0.000_05 ? smallDigits(share) : shareDigits(share)}
      reason={say('jobs.share.none')}
    />
  )
}

/** Two significant digits of what is not nothing, so that it is not printed as nothing. */
function smallDigits(share: number): number {
  return Math.min(9, 1 - Math.floor(Math.log10(share * 100)))
}

interface CostProps extends Pick<FigureProps, 'label' | 'size' | 'align'> {
  readonly origin: TokenOrigin
  readonly cost: WorkflowRow['cost']
  readonly reason?: string
}

export function Cost({ origin, cost, reason, ...rest }: CostProps) {
  return (
    <MoneyFigure
      {...rest}
      at={origin.dataAsOf}
      source={origin.name}
      amount={cost?.amount ?? null}
      currency={cost?.currency ?? ''}
      reason={reason ?? say('jobs.cost.none', { source: origin.name })}
    />
  )
}

function origins(origin: TokenOrigin): Pick<FigureProps, 'at' | 'source' | 'reason' | 'state' | 'quiet'> {
  const { dataAsOf: at, name: source } = origin
  return isOld(origin)
    ? { at, source, reason: originText(origin), state: 'stale', quiet: true }
    : { at, source }
}
