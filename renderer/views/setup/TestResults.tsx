import { say } from '../../../shared/messages/format.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { Probe } from './form.ts'
import { probeKey, type TestResult } from './useTests.ts'

interface TestResultsProps {
  readonly probes: readonly Probe[]
  readonly results: ReadonlyMap<string, TestResult>
}

/** One verdict per address, in words and with the next step. */
export function TestResults({ probes, results }: TestResultsProps) {
  const tested = probes.filter((probe) => results.has(probeKey(probe)))
  return (
    <ul className="test-results" aria-live="polite" aria-label={say('setup.test.results')}>
      {tested.map((probe) => {
        const result = results.get(probeKey(probe))
        return (
          <li key={probeKey(probe)} className="test-result">
            {result?.state === 'testing' ? (
              <Testing address={probe.url} since={result.since} />
            ) : (
              result !== undefined && <Verdict address={probe.url} result={result} />
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Testing({ address, since }: { address: string; since: number }) {
  const now = useNow()
  return (
    <>
      <Glyph name="unknown" />
      <div>
        <p className="test-address">{address}</p>
        <p className="secondary">
          {say('setup.test.testing', { elapsed: formatDuration(Math.max(0, now - since)) })}
        </p>
      </div>
    </>
  )
}

function Verdict({ address, result }: { address: string; result: TestResult & { state: 'done' } }) {
  const { ok, title, details, nextStep } = result.verdict
  return (
    <>
      <Glyph name={ok ? 'check' : 'failing'} label={say(ok ? 'setup.test.works' : 'setup.test.fails')} />
      <div>
        <p className="test-address">{address}</p>
        <p>{title}</p>
        {details.map((detail) => (
          <p key={detail} className="secondary">
            {detail}
          </p>
        ))}
        {nextStep !== '' && <p className={ok ? 'secondary' : undefined}>{nextStep}</p>}
      </div>
    </>
  )
}
