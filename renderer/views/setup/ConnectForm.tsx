import { type FormEvent, useId, useState } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { navigate } from '../../state/navigation.ts'
import { useNow } from '../../state/now.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { emptyForm, type FieldName, MOST_EXPORTERS_TESTED, readForm, type SetupForm } from './form.ts'
import { TestResults } from './TestResults.tsx'
import { useTests } from './useTests.ts'

const TOKEN_PLACES = ['none', 'env', 'file'] as const

const ADDRESS_FIELDS: readonly FieldName[] = ['prometheusUrl', 'authReference', 'exporters']

/** Describes a site, tries its addresses, and has the engine write floorwatch.yaml. Nothing untried is saved silently. */
export function ConnectForm({ unavailable }: { unavailable: string | null }) {
  const zones = useId()
  const [form, setForm] = useState<SetupForm>(() =>
    emptyForm(new Intl.DateTimeFormat().resolvedOptions().timeZone),
  )
  // An empty form is not wrong yet: a field complains once it was left or somebody tried to go on.
  const [left, setLeft] = useState<ReadonlySet<FieldName>>(new Set())
  const [busy, setBusy] = useState(false)
  /** The draft whose test did not pass, as text: saving it all the same is offered for exactly that draft. */
  const [doubted, setDoubted] = useState<string | null>(null)
  const tests = useTests()
  const save = useCall('setup.save')
  const { draft, errors, probes, exporterCount } = readForm(form)

  function field(name: FieldName) {
    return {
      value: form[name],
      onChange: (value: string) => setForm({ ...form, [name]: value }),
      onBlur: () => form[name] !== '' && setLeft(new Set(left).add(name)),
      error: left.has(name) ? (errors[name] ?? null) : null,
    }
  }

  /** An address can be tried before the site has a name; only what the test itself needs must be right. */
  async function test(): Promise<boolean> {
    setLeft(new Set([...left, ...ADDRESS_FIELDS]))
    if (ADDRESS_FIELDS.some((name) => errors[name] !== undefined)) return false
    setBusy(true)
    try {
      return await tests.run(probes)
    } finally {
      setBusy(false)
    }
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (unavailable !== null || busy) return
    setLeft(new Set(Object.keys(form) as FieldName[]))
    if (draft === null) return
    const fine = await test()
    if (fine) await save.run(draft)
    else setDoubted(JSON.stringify(draft))
  }

  if (save.state === 'done') return <Saved path={save.output.path} />
  const waiting = busy || save.state === 'pending'
  const untested = exporterCount - MOST_EXPORTERS_TESTED
  return (
    <form className="setup-form" noValidate onSubmit={(event) => void submit(event)}>
      <div className="setup-row">
        <TextField
          {...field('siteName')}
          label={say('setup.connect.siteName')}
          placeholder="Lyon 2"
          required
        />
        <TextField
          {...field('timezone')}
          label={say('setup.connect.timezone')}
          list={zones}
          hint={say('setup.connect.timezone.hint')}
          required
        />
        <datalist id={zones}>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </datalist>
      </div>
      <fieldset className="setup-group">
        <legend>{say('setup.connect.prometheus')}</legend>
        <TextField
          {...field('prometheusUrl')}
          label={say('setup.connect.prometheus.address')}
          placeholder="http://prometheus.example:9090"
          hint={say('setup.connect.prometheus.address.hint')}
        />
        <div className="setup-row">
          <Select
            label={say('setup.connect.token')}
            value={form.auth}
            options={TOKEN_PLACES.map((value) => ({ value, title: say(`setup.connect.token.${value}`) }))}
            onChange={(auth) => setForm({ ...form, auth })}
          />
          {form.auth !== 'none' && (
            <TextField
              {...field('authReference')}
              label={say(
                form.auth === 'env' ? 'setup.connect.token.envName' : 'setup.connect.token.filePath',
              )}
              placeholder={form.auth === 'env' ? 'PROMETHEUS_TOKEN' : '/etc/floorwatch/prometheus.token'}
              hint={say('setup.connect.token.hint')}
            />
          )}
        </div>
        <TextField
          {...field('caFile')}
          label={say('setup.connect.caFile')}
          placeholder="/etc/ssl/factory-ca.pem"
          hint={say('setup.connect.caFile.hint')}
        />
      </fieldset>
      <fieldset className="setup-group">
        <legend>{say('setup.connect.exporters')}</legend>
        <TextField
          {...field('exporters')}
          label={say('setup.connect.exporters.addresses')}
          placeholder={'gpu-host-001:9400\ngpu-host-002:9400'}
          rows={4}
          hint={say('setup.connect.exporters.hint')}
        />
      </fieldset>
      <TestResults probes={probes} results={tests.results} />
      {untested > 0 && (
        <p className="secondary">
          {say('setup.connect.untested', { tested: MOST_EXPORTERS_TESTED, rest: untested })}
        </p>
      )}
      {save.state === 'failed' && (
        <p className="setup-failure" role="alert">
          <Glyph name="failing" />{' '}
          <Say
            id="setup.connect.notSaved"
            values={{ problem: save.failure.message, nextStep: save.failure.nextStep }}
          />
        </p>
      )}
      <div className="setup-actions">
        <Button
          kind="primary"
          type="submit"
          unavailable={unavailable ?? (waiting ? say('setup.wait') : null)}
        >
          {say('setup.connect.testAndSave')}
        </Button>
        <Button onClick={() => void test()} unavailable={unavailable ?? (waiting ? say('setup.wait') : null)}>
          {say('setup.connect.test')}
        </Button>
        {draft !== null && doubted === JSON.stringify(draft) && !waiting && (
          <Button kind="quiet" onClick={() => void save.run(draft)} unavailable={unavailable}>
            {say('setup.connect.saveAnyway')}
          </Button>
        )}
        {save.state === 'pending' && <Saving since={save.since} />}
      </div>
    </form>
  )
}

function Saving({ since }: { since: number }) {
  const now = useNow()
  return (
    <output className="secondary">
      {say('setup.connect.saving', { elapsed: formatDuration(Math.max(0, now - since)) })}
    </output>
  )
}

function Saved({ path }: { path: string }) {
  return (
    <div className="setup-saved" aria-live="polite">
      <p>
        <Glyph name="check" /> <Say id="setup.connect.saved" values={{ path }} />
      </p>
      <p className="secondary">
        <Say id="setup.connect.saved.start" values={{ path }} />
      </p>
      <div className="setup-actions">
        <Button kind="primary" onClick={() => navigate('floor')}>
          {say('setup.connect.saved.floor')}
        </Button>
        <Button onClick={() => navigate('sources')}>{say('setup.connect.saved.sources')}</Button>
      </div>
    </div>
  )
}
