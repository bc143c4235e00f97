import { defineConfig } from '@playwright/test'
import { chromiumPath } from './test/support/chromium.ts'

const executablePath = chromiumPath()

/** End-to-end tests: the real console in the system's Chromium, real Prometheus and exporters on loopback. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: 90_000,
  // Tests of one file share an engine, so files run side by side, each with a demo factory and a browser of its own:
  // a page waits for the next figures half of its time.
  fullyParallel: false,
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list'], ['./test/tools/playwrightTally.ts']],
  use: {
    viewport: { width: 1920, height: 1080 },
    colorScheme: 'dark',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      // Chromium refuses its sandbox to root (containers, CI); for tests against loopback alone.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})
