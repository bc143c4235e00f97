import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Unit tests stand beside their source; what crosses processes is in test/integration. Playwright has test/e2e.
 *
 * Unit tests keep a core busy, so there is a worker for each. Integration tests mostly wait, for a scrape or for
 * Prometheus to start, so more of them than there are cores run at once, and only after the unit tests, which would
 * delay them.
 */
const CORES = availableParallelism()

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['shared/**/*.test.ts', 'main/**/*.test.ts'],
          testTimeout: 30_000,
          maxWorkers: CORES,
        },
      },
      {
        // As vite.renderer.config.ts: every text of the page goes through the renderer's own JSX runtime.
        oxc: { jsx: { runtime: 'automatic', importSource: '#screen' } },
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['renderer/**/*.test.ts', 'renderer/**/*.test.tsx'],
          testTimeout: 30_000,
          maxWorkers: CORES,
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['test/integration/**/*.test.ts', 'test/fuzz/**/*.test.ts'],
          testTimeout: 30_000,
          maxWorkers: Math.max(6, CORES),
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
