import type { AuditPage } from '../../../shared/contract/audit.ts'
import { say } from '../../../shared/messages/format.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

/** The end of the chain, to be kept elsewhere, and whether all of it is in order. */
export function ChainState({ head }: { head: AuditPage['head'] }) {
  const verify = useCall('audit.verify')
  const pending = verify.state === 'pending'
  return (
    <div className="audit-chain">
      <div>
        <span className="secondary">{say('audit.head')} </span>
        {head === null ? '–' : <code className="audit-head">{`${head.seq}:${head.hash}`}</code>}
      </div>
      <Button onClick={() => void verify.run({})} unavailable={pending ? say('audit.checking') : null}>
        {say('audit.check')}
      </Button>
      <output>
        {verify.state === 'done' &&
          (verify.output.broken === null ? (
            <>
              <Glyph name="check" /> {say('audit.whole', { entries: verify.output.entries })}
            </>
          ) : (
            <span className="audit-broken-word">
              <Glyph name="critical" />{' '}
              {say('audit.cli.broken', {
                seq: verify.output.broken.seq,
                how: say(`audit.broken.${verify.output.broken.kind}`),
              })}
            </span>
          ))}
        {verify.state === 'failed' &&
          say('access.failed', { problem: verify.failure.message, nextStep: verify.failure.nextStep })}
      </output>
    </div>
  )
}
