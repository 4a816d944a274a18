import { expect, test } from 'vitest'
import { lastUnit } from '../support/analysis.ts'

const IMPORT = `import { migrate, migrate as bring } from 'vite-plugin-hot-node/runtime'
import * as runtime from 'vite-plugin-hot-node/runtime'
import { migrate as other } from './migrate.js'\n`

const toHash = (member: string): string => lastUnit(`${IMPORT}class Todo { ${member} }`).hash

test.each(['static [migrate](todo) {}', 'static [bring](todo) {}', 'static [runtime.migrate](todo) {}'])(
  '%s is no part of what the class is at start-up',
  (member) => {
    expect(toHash(member)).toBe(toHash(''))
  },
)

test.each([
  '[migrate](todo) {}',
  'static get [migrate]() {}',
  'static [migrate] = () => {}',
  'static [other](todo) {}',
  'static [runtime.keep](todo) {}',
])('%s is, as any computed key', (member) => {
  expect(toHash(member)).not.toBe(toHash(''))
})
