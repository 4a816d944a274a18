import { expect, test } from 'vitest'
import { recordOf } from '../support/analysis.ts'

const DECORATE = `import _decorate from '@oxc-project/runtime/helpers/decorate'\nlet A = class {}\n`

test.each([
  [`app.get('/todos', () => 1)`, `app.get('/todos')`],
  ['await main()', 'main()'],
  ['void boot(config)', 'boot(config)'],
  ['config.port = 1', 'config.port = …'],
  ['if (isMain) { start() }', 'if (isMain) { start() }'],
  [`${DECORATE}_decorate([x], A.prototype, 'add', null)`, 'decorators of A.add'],
  [`${DECORATE}A = _decorate([x], A)`, 'decorators of A'],
])('%s is called %s', (code, label) => {
  expect(recordOf(code).units.at(-1)?.label).toBe(label)
})
