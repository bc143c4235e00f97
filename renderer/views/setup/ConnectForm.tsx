import { type FormEvent, useId, useState } from 'react'
import { formatDuration } from '../../../shared/model/time.ts'
import { navigate } from '../../state/navigation.ts'
import { useNow } from '../../state/now.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { emptyForm, type FieldName, MOST_EXPORTERS_TESTED, readForm, type SetupForm } from './form.ts'
import { TestResults } from './TestResults.tsx'
import { useTests } from './useTests.ts'

const AUTH_OPTIONS = [
  { value: 'none', title: 'none' },
  { value: 'env', title: 'in an environment variable' },
  { value: 'file', title: 'in a file' },
] as const

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
        <TextField {...field('siteName')} label="Site name" placeholder="Lyon 2" required />
        <TextField
          {...field('timezone')}
          label="Time zone of the floor"
          list={zones}
          hint="Clocks show UTC and this zone."
          required
        />
        <datalist id={zones}>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </datalist>
      </div>
      <fieldset className="setup-group">
        <legend>Prometheus, Thanos, Mimir or VictoriaMetrics</legend>
        <TextField
          {...field('prometheusUrl')}
          label="Address"
          placeholder="http://prometheus.example:9090"
          hint="Leave it empty to watch exporters alone."
        />
        <div className="setup-row">
          <Select
            label="Bearer token"
            value={form.auth}
            options={AUTH_OPTIONS}
            onChange={(auth) => setForm({ ...form, auth })}
          />
          {form.auth !== 'none' && (
            <TextField
              {...field('authReference')}
              label={form.auth === 'env' ? 'Name of the variable' : 'Path of the file'}
              placeholder={form.auth === 'env' ? 'PROMETHEUS_TOKEN' : '/etc/floorwatch/prometheus.token'}
              hint="Only the reference is saved; the token itself stays where it is. Whoever runs Floorwatch allows once which address gets it."
            />
          )}
        </div>
        <TextField
          {...field('caFile')}
          label="Certificate authority (optional)"
          placeholder="/etc/ssl/factory-ca.pem"
          hint="PEM file, where the certificate comes from a private authority."
        />
      </fieldset>
      <fieldset className="setup-group">
        <legend>Exporters, asked directly</legend>
        <TextField
          {...field('exporters')}
          label="dcgm-exporter addresses, one a line (optional)"
          placeholder={'gpu-host-001:9400\ngpu-host-002:9400'}
          rows={4}
          hint="Beside Prometheus they take over when it does not answer. file_sd and HTTP discovery: in floorwatch.yaml."
        />
      </fieldset>
      <TestResults probes={probes} results={tests.results} />
      {untested > 0 && (
        <p className="secondary">
          The first {MOST_EXPORTERS_TESTED} exporters are tested here; the other {untested} once the site is
          connected.
        </p>
      )}
      {save.state === 'failed' && (
        <p className="setup-failure" role="alert">
          <Glyph name="failing" /> <strong>Not saved.</strong> {save.failure.message} {save.failure.nextStep}
        </p>
      )}
      <div className="setup-actions">
        <Button
          kind="primary"
          type="submit"
          unavailable={unavailable ?? (waiting ? 'Wait for the answer.' : null)}
        >
          Test and save
        </Button>
        <Button
          onClick={() => void test()}
          unavailable={unavailable ?? (waiting ? 'Wait for the answer.' : null)}
        >
          Test only
        </Button>
        {draft !== null && doubted === JSON.stringify(draft) && !waiting && (
          <Button kind="quiet" onClick={() => void save.run(draft)} unavailable={unavailable}>
            Save all the same
          </Button>
        )}
        {save.state === 'pending' && <Saving since={save.since} />}
      </div>
    </form>
  )
}

function Saving({ since }: { since: number }) {
  const now = useNow()
  return <output className="secondary">Saving, {formatDuration(Math.max(0, now - since))}</output>
}

function Saved({ path }: { path: string }) {
  return (
    <div className="setup-saved" aria-live="polite">
      <p>
        <Glyph name="check" /> Saved to <code>{path}</code>. The console is connecting to the site now.
      </p>
      <p className="secondary">
        Start Floorwatch with this file from now on: floorwatch start --config {path}
      </p>
      <div className="setup-actions">
        <Button kind="primary" onClick={() => navigate('floor')}>
          Go to the floor
        </Button>
        <Button onClick={() => navigate('sources')}>Watch the sources connect</Button>
      </div>
    </div>
  )
}
