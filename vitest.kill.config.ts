import { defineConfig } from 'vitest/config';

/** The long suite that kills runs at random moments: `npm run test:kill`. */
export default defineConfig({
  test: {
    include: ['tests/kill/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
