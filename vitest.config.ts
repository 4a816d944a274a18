import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Some compute. Others wait: for an editor's pauses, for what a burst has still to come, for processes. */
const maxWorkers = availableParallelism() + 3

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'scenarios', include: ['test/scenarios/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'equivalence', include: ['test/equivalence/**/*.test.ts'] } },
      {
        test: {
          name: 'process',
          include: ['test/process/**/*.test.ts', 'test/replay/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: 'test/types/tsconfig.json',
          },
        },
      },
    ],
  },
})
