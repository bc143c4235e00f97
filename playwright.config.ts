import { defineConfig } from '@playwright/test'
import { chromiumPath } from './test/support/chromium.ts'

const executablePath = chromiumPath()

/** End-to-end tests: the real console in the system's Chromium, real Prometheus and exporters on loopback. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: 90_000,
  fullyParallel: false,
  workers: 1,
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
