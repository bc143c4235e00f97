import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { setTheme, THEMES, type Theme, usePreferences } from '../../state/preferences.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { mayAct, useStatus } from '../../state/status.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Properties, Property } from '../../ui/drawer/Drawer.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { ConnectForm } from './ConnectForm.tsx'
import { DemoPanel } from './DemoPanel.tsx'
import './setup.css'

const READ_ONLY = 'This screen may look but not act. Open Floorwatch at a console to change what it watches.'

const THEME_OPTIONS: readonly { value: Theme; title: string }[] = THEMES.map((value) => ({
  value,
  title: value === 'system' ? 'as the system' : value,
}))

/** First start, and later the place that says what this console watches and how it looks. */
export function SetupView() {
  const status = useStatus((state) => state.status)
  const unavailable = useStatus(mayAct) ? null : READ_ONLY
  useStanding(status !== null)
  if (status === null) return null
  const { mode, setup } = status
  const connects = mode !== 'site' || setup.open
  const offersDemo = mode === 'setup' || (mode === 'site' && setup.open)
  return (
    <div className="setup" tabIndex={-1}>
      <div className="setup-page">
        <h1 className="setup-title">
          {status.mode === 'setup' ? 'What shall this console watch?' : 'Setup'}
        </h1>
        {unavailable !== null && <p className="setup-notice">{unavailable}</p>}
        {mode === 'site' && setup.until !== null && (
          <p className="setup-notice" role="status">
            The setup was unlocked at the terminal; it takes changes for another{' '}
            <Remaining until={setup.until} />. What is saved here is watched in place of {status.site.name}.
          </p>
        )}
        <div className="setup-columns">
          <div className="setup-column">
            {connects ? (
              <section aria-labelledby="setup-connect">
                <h2 id="setup-connect">Connect to your factory</h2>
                <ConnectForm unavailable={unavailable} />
              </section>
            ) : (
              <Watching status={status} />
            )}
          </div>
          <div className="setup-column setup-aside">
            {offersDemo && (
              <section aria-labelledby="setup-demo">
                <h2 id="setup-demo">Look at the demo factory</h2>
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
      <h2 id="setup-watching">{mode === 'demo' ? 'Watching the demo factory' : 'Watching'}</h2>
      <Properties>
        <Property name="Site">{site.name}</Property>
        <Property name="Time zone">{site.timezone}</Property>
        {configPath !== null && (
          <Property name="Configuration">
            <code>{configPath}</code>
          </Property>
        )}
        <Property name="Engine started">
          <Age at={engineStartedAt} />
        </Property>
        <Property name="Version">{version}</Property>
      </Properties>
      {mode === 'site' && configPath !== null && (
        <p className="secondary">
          To change the site, edit that file: this screen then says what is wrong with it, or offers to apply
          it. To watch another site beside it, start a second Floorwatch with its own file.
        </p>
      )}
      {mode === 'site' && !setup.open && role === 'console' && (
        <p className="secondary">
          No screen can turn this engine to another site. Whoever runs it can allow that for a quarter of an
          hour: type <code>setup</code> and Enter at its terminal, or start it with <code>--allow-setup</code>
          .
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
      <h2 id="setup-appearance">This screen</h2>
      <Select
        label="Theme"
        value={theme}
        options={THEME_OPTIONS}
        onChange={setTheme}
        hint="Kept on this screen alone."
      />
    </section>
  )
}
