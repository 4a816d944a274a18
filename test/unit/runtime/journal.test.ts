import { expect, test } from 'vitest'
import { Journal, NO_JOURNAL } from '../../../src/runtime/update/journal.ts'

test('takes everything back, newest first, once', () => {
  const journal = new Journal()
  const undone: number[] = []
  for (const number of [1, 2, 3]) journal.push(() => undone.push(number))
  journal.rollBack()
  journal.rollBack()
  expect(undone).toEqual([3, 2, 1])
})

test('the journal of a first evaluation remembers nothing', () => {
  const undone: number[] = []
  NO_JOURNAL.push(() => undone.push(1))
  NO_JOURNAL.rollBack()
  expect(undone).toEqual([])
})
