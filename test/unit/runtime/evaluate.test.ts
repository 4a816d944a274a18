import { expect, test } from 'vitest'
import type { Range } from '../../../src/protocol/index.ts'
import { evaluatePieces } from '../../../src/runtime/update/evaluate.ts'

const CODE = 'zero; (one) \n  (two)\n(three)'

function rangeOf(piece: string): Range {
  const at = CODE.indexOf(piece)
  return [at, at + piece.length]
}

test('pieces are evaluated where they stand, and come back in the order asked for', () => {
  const texts: string[] = []
  const pieces = ['three', 'one'].map(rangeOf)
  const values = evaluatePieces({ id: '/a.ts', code: CODE, map: '' }, pieces, (text) => {
    texts.push(text)
    return ['the first in the text', 'the second']
  })
  expect(values).toEqual(['the second', 'the first in the text'])
  const [text = ''] = texts
  expect(text.split('\n').slice(0, 3)).toEqual(['      [one', '', ',three]'])
  expect(text).toMatch(/\/\/# sourceURL=\/a\.ts\?hot=\d+$/)
})

test('the source map goes along', () => {
  let seen = ''
  evaluatePieces({ id: '/a.ts', code: CODE, map: '{}' }, [rangeOf('one')], (text) => {
    seen = text
    return [1]
  })
  expect(seen).toContain(`sourceMappingURL=data:application/json;base64,${Buffer.from('{}').toString('base64')}`)
})

test('no pieces are not evaluated at all', () => {
  const never = (): never => {
    throw new Error('evaluated')
  }
  expect(evaluatePieces({ id: '/a.ts', code: CODE, map: '' }, [], never)).toEqual([])
})
