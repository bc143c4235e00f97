import type { TokenOrigin } from '../../../../shared/contract/tokens.ts'
import { navigate } from '../../../state/navigation.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import './served.css'

/** Without metering the factory still serves: said once, calmly, above what is known of it. */
export function ServedBanner({ origin }: { origin: TokenOrigin }) {
  return (
    <div className="notice served-banner tokens-banner" role="status">
      <Glyph name="unknown" />
      <p>
        <strong>No metering is configured: who used them is not known.</strong> What the inference servers
        serve is shown. {origin.nextStep}{' '}
        <Button kind="quiet" onClick={() => navigate('setup')}>
          Go to setup (g e)
        </Button>
      </p>
    </div>
  )
}
