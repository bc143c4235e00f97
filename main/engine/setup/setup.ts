import type { SecretReference, Verdict } from '../../../shared/contract/console.ts'
import type { CommandOutput, CommandParsed } from '../../../shared/contract/contract.ts'
import { loadConfig } from '../../config/load.ts'
import { secretName } from '../../config/secrets.ts'
import type { SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { redactUrl, usedSecrets } from '../../platform/redact.ts'
import { Refusal } from '../session/refusal.ts'
import type { EngineHost, EnginePaths } from '../types.ts'
import { SecretConsent } from './consent.ts'
import type { SetupLock } from './lock.ts'
import { testAddress } from './probe/probe.ts'
import { saveDraft } from './save.ts'
import { message, said } from '../../../shared/messages/message.ts'

export interface SetupOptions {
  readonly lock: SetupLock
  readonly host: EngineHost
  readonly paths: EnginePaths
  readonly clock: Clock
  readonly logger: Logger
  /** Replaces the site; `configOf` is asked once its turn has come. */
  readonly watch: (configOf: () => SiteConfig) => Promise<void>
}

/** The three commands by which a screen may turn this engine to a site; each is refused while the setup is locked. */
export interface Setup {
  test(probe: CommandParsed<'setup.test'>, signal: AbortSignal): Promise<CommandOutput<'setup.test'>>
  save(draft: CommandParsed<'setup.save'>): Promise<CommandOutput<'setup.save'>>
  demo(): Promise<void>
}

export function createSetup({ lock, host, paths, clock, logger, watch }: SetupOptions): Setup {
  const consent = new SecretConsent(host)
  let launching: Promise<SiteConfig> | null = null

  return {
    async test(probe, signal) {
      lock.check('setup.test')
      const { url, bearer } = probe
      logger.info({ address: redactUrl(url), reference: nameOf(bearer) }, 'a console tests an address')
      if (bearer !== undefined) {
        const answer = await consent.ask(bearer, url)
        if (!answer.given) {
          return { ok: false, title: `Not asked: ${answer.text}.`, details: [], nextStep: answer.nextStep }
        }
      }
      return scrubbed(await testAddress(probe, { clock, signal }))
    },

    async save(draft) {
      lock.check('setup.save')
      const { prometheus } = draft
      if (prometheus?.bearer !== undefined) {
        const answer = await consent.ask(prometheus.bearer, prometheus.url)
        if (!answer.given)
          throw new Refusal(
            'forbidden',
            message('refusal.consent', { answer: answer.text }),
            said(answer.nextStep),
          )
        lock.check('setup.save')
      }
      const config = await saveDraft(draft, paths.newConfig)
      logger.warn({ path: config.path, site: config.site.name }, 'a console saved a configuration')
      await watch(() => config)
      return { path: config.path }
    },

    async demo() {
      lock.check('setup.demo')
      let config: SiteConfig
      try {
        launching ??= host.launchDemo().then((path) => loadConfig(path))
        config = await launching
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new Refusal('failed', message('refusal.demo', { reason: why }), message('refusal.demo.next'))
      } finally {
        launching = null
      }
      await watch(() => {
        // A site may have been saved while the demo started: then there is something to lose.
        lock.check('setup.demo')
        return config
      })
    },
  }
}

/** What was found is told in the words of a server, which may repeat the token that it was sent. */
function scrubbed({ ok, title, details, nextStep }: Verdict): Verdict {
  const scrub = (text: string) => usedSecrets.scrub(text)
  return { ok, title: scrub(title), details: details.map(scrub), nextStep: scrub(nextStep) }
}

function nameOf(reference: SecretReference | undefined): string | null {
  return reference === undefined ? null : secretName(reference)
}
