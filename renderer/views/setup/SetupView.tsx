import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { say } from '../../../shared/messages/format.ts'
import { setTheme, THEMES, usePreferences } from '../../state/preferences.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { mayAct, useStatus } from '../../state/status.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Properties, Property } from '../../ui/drawer/Drawer.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { ConnectForm } from './ConnectForm.tsx'
import { DemoPanel } from './DemoPanel.tsx'
import './setup.css'

/** First start, and later the place that says what this console watches and how it looks. */
export function SetupView() {
  const status = useStatus((state) => state.status)
  const unavailable = useStatus(mayAct) ? null : say('setup.readOnly')
  useStanding(status !== null)
  if (status === null) return null
  const { mode, setup } = status
  const connects = mode !== 'site' || setup.open
  const offersDemo = mode === 'setup' || (mode === 'site' && setup.open)
  return (
    <div className="setup" tabIndex={-1}>
      <div className="setup-page">
        <h1 className="setup-title">{say(status.mode === 'setup' ? 'setup.title.first' : 'setup.title')}</h1>
        {unavailable !== null && <p className="setup-notice">{unavailable}</p>}
        {mode === 'site' && setup.until !== null && (
          <p className="setup-notice" role="status">
            <Say
              id="setup.unlocked"
              values={{ remaining: <Remaining until={setup.until} />, site: status.site.name }}
            />
          </p>
        )}
        <div className="setup-columns">
          <div className="setup-column">
            {connects ? (
              <section aria-labelledby="setup-connect">
                <h2 id="setup-connect">{say('setup.connect.title')}</h2>
                <ConnectForm unavailable={unavailable} />
              </section>
            ) : (
              <Watching status={status} />
            )}
          </div>
          <div className="setup-column setup-aside">
            {offersDemo && (
              <section aria-labelledby="setup-demo">
                <h2 id="setup-demo">{say('setup.demo.title')}</h2>
                <DemoPanel unavailable={unavailable} />
              </section>
            )}
            {connects && status.mode !== 'setup' && <Watching status={status} />}
            <Appearance />
          </div>
        </div>
      </div>
    </div>
  )
}

function Watching({ status }: { status: ConsoleStatus }) {
  const { site, mode, role, configPath, engineStartedAt, version, setup } = status
  return (
    <section aria-labelledby="setup-watching">
      <h2 id="setup-watching">
        {say(mode === 'demo' ? 'setup.watching.title.demo' : 'setup.watching.title')}
      </h2>
      <Properties>
        <Property name={say('setup.watching.site')}>{site.name}</Property>
        <Property name={say('setup.watching.timezone')}>{site.timezone}</Property>
        {configPath !== null && (
          <Property name={say('setup.watching.configuration')}>
            <code>{configPath}</code>
          </Property>
        )}
        <Property name={say('setup.watching.engineStarted')}>
          <Age at={engineStartedAt} />
        </Property>
        <Property name={say('setup.watching.version')}>{version}</Property>
      </Properties>
      {mode === 'site' && configPath !== null && <p className="secondary">{say('setup.watching.edit')}</p>}
      {mode === 'site' && !setup.open && role === 'console' && (
        <p className="secondary">
          <Say id="setup.watching.locked" />
        </p>
      )}
    </section>
  )
}

function Remaining({ until }: { until: number }) {
  const now = useNow()
  return <>{formatDuration(Math.max(0, until - now))}</>
}

function Appearance() {
  const theme = usePreferences((state) => state.theme)
  return (
    <section aria-labelledby="setup-appearance">
      <h2 id="setup-appearance">{say('setup.screen.title')}</h2>
      <Select
        label={say('setup.screen.theme')}
        value={theme}
        options={THEMES.map((value) => ({ value, title: say(`setup.screen.theme.${value}`) }))}
        onChange={setTheme}
        hint={say('setup.screen.theme.hint')}
      />
    </section>
  )
}
