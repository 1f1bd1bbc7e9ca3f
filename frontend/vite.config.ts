/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.KEYTRAIL_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // The placeholder comes from public/, so that emptying the folder never leaves Go without a file to embed.
    emptyOutDir: true,
    target: 'es2023',
    // Small assets stay files: a data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 3 },
            { name: 'mantine', test: /node_modules\/(@mantine|@floating-ui)\//, priority: 2 },
            {
              name: 'data',
              test: /node_modules\/(urql|@urql|wonka|graphql|graphql-ws|@0no-co)\//,
              priority: 2,
            },
            { name: 'time', test: /node_modules\/temporal-/, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/graphql': { target: server, ws: true },
      '/api': { target: server },
      '/tlog': { target: server },
      '/export': { target: server },
      '/print': { target: server },
    },
  },
  test: {
    environment: 'node',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
