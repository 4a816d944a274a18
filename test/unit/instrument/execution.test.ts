import { describe, expect, test } from 'vitest'
import { runHot, runPlain } from '../support/modules.ts'
import { SNIPPETS } from './snippets.ts'

describe('on its first load, hot code does what the source does', () => {
  for (const { title, code, bug } of SNIPPETS)
    test(`${title}${bug ? ` (known: ${bug})` : ''}`, { fails: bug !== undefined }, async () => {
      expect(await runHot(code)).toEqual(await runPlain(code))
    })
})
