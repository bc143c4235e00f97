import { defineConfig } from 'vitest/config'

/** Unit tests stand beside their source; what crosses processes is in test/integration. Playwright has test/e2e. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'shared/**/*.test.ts',
            'main/**/*.test.ts',
            'test/integration/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
          ],
          testTimeout: 30_000,
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
        },
      },
    ],
  },
})
