import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Everything that a page must never do, noted from now on; `expectQuiet` fails with it. */
export function watch(page: Page): { expectQuiet: () => void } {
  const noises: string[] = []
  page.on('pageerror', (error) => noises.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // A refused resource, a policy violation, a React warning: all of them are defects.
    if (message.type() === 'error' || message.type() === 'warning')
      noises.push(`${message.type()}: ${message.text()}`)
  })
  return { expectQuiet: () => expect(noises).toEqual([]) }
}

/** No violation of WCAG 2.2 A and AA in what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.html)
          .join(' | ')
          .slice(0, 400)}`,
    ),
  ).toEqual([])
}

export const statusBar = (page: Page) => page.getByRole('banner')
