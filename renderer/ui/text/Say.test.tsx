import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { message } from '../../../shared/messages/message.ts'
import { Say } from './Say.tsx'

it('shows a text with its marks and with what stands for its parameters', () => {
  const { container } = render(
    <p>
      <Say
        id="setup.demo.failed"
        values={{ problem: <em>No port is free.</em>, nextStep: message('setup.wait') }}
      />
    </p>,
  )
  expect(container.innerHTML).toBe(
    '<p><strong>The demo factory did not start.</strong> <em>No port is free.</em> Wait for the answer.</p>',
  )
})

it('shows a parameter as text, whatever it holds', () => {
  const { container } = render(<Say id="setup.connect.saved" values={{ path: '/tmp/<b>a</b>{path}' }} />)
  expect(container.querySelector('code')?.textContent).toBe('/tmp/<b>a</b>{path}')
  expect(container.querySelector('b')).toBeNull()
})
