import { defineConfig } from 'vitest/config';

// The end-to-end tests drive the built program with real clients and a real browser. Each file has a server, a port and
// data of its own, so two run at a time: most of a file is waiting.
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: ['e2e/harness/prepared.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
