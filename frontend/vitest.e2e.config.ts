import { defineConfig } from 'vitest/config';

// The end-to-end tests drive the built program with real clients and a real browser.
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    environment: 'node',
    maxConcurrency: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
