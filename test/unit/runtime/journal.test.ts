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

/** A variable that an update changes twice. */
function changedTwice(): { journal: Journal; variable: { value: string } } {
  const journal = new Journal()
  const variable = { value: 'before' }
  for (const value of ['between', 'after']) {
    journal.save(
      () => variable.value,
      (saved) => (variable.value = saved),
    )
    variable.value = value
  }
  return { journal, variable }
}

test('what was saved is as before while the update is suspended, however often', () => {
  const { journal, variable } = changedTwice()

  for (let round = 0; round < 3; round += 1) {
    journal.suspend()
    journal.suspend()
    expect(variable.value).toBe('before')
    journal.resume()
    journal.resume()
    expect(variable.value).toBe('after')
  }
})

test('what others change meanwhile is what is gone back to', () => {
  const { journal, variable } = changedTwice()

  journal.suspend()
  variable.value = 'changed meanwhile'
  journal.resume()
  expect(variable.value).toBe('after')
  variable.value = 'changed by the update'
  journal.suspend()
  expect(variable.value).toBe('changed meanwhile')
  journal.resume()
  expect(variable.value).toBe('changed by the update')

  journal.rollBack()
  expect(variable.value).toBe('changed meanwhile')
})

test('what no code sees stays while the update is suspended', () => {
  const journal = new Journal()
  const undone: string[] = []
  journal.push(() => undone.push('undone'))

  journal.suspend()
  journal.resume()
  expect(undone).toEqual([])
  journal.rollBack()
  expect(undone).toEqual(['undone'])
})
