import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { say } from '../../../../shared/messages/format.ts'
import { navigate } from '../../../state/navigation.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { originNextStep } from '../../../state/tokens/originWords.ts'
import './served.css'

/** Without metering the factory still serves: said once, calmly, above what is known of it. */
export function ServedBanner({ origin }: { origin: TokenOrigin }) {
  return (
    <div className="notice served-banner tokens-banner" role="status">
      <Glyph name="unknown" />
      <p>
        <Say id="tokens.served.banner" values={{ nextStep: originNextStep(origin) }} />{' '}
        <Button kind="quiet" onClick={() => navigate('setup')}>
          {say('tokens.none.setup')}
        </Button>
      </p>
    </div>
  )
}
