import { expect, test } from 'vitest'
import { lastUnit } from '../support/analysis.ts'

const IMPORT = `import { keep, keep as hold } from 'vite-plugin-hot-node/runtime'
import * as runtime from 'vite-plugin-hot-node/runtime'
import { keep as other } from './keep.js'\n`

test.each([
  `const bus = keep('bus', create)`,
  `let bus = hold('bus', create, {})`,
  `export const bus = runtime.keep('bus', create)`,
  `const db = await keep('db', create)`,
  `export default keep('bus', create)`,
])('%s is kept', (code) => {
  expect(lastUnit(IMPORT + code).isKept).toBe(true)
})

test.each([
  `const bus = keep(KEY, create)`,
  `const bus = keep('bus', create).setMaxListeners(20)`,
  `const bus = Object.assign(keep('bus', create), { size: 1 })`,
  `const { size } = keep('bus', create)`,
  `const bus = other('bus', create)`,
  `const bus = runtime.other('bus', create)`,
  `const bus = keep.call(null, 'bus', create)`,
  `keep('bus', create)`,
])('%s is not, or not without more', (code) => {
  expect(lastUnit(IMPORT + code).isKept).toBeUndefined()
})
