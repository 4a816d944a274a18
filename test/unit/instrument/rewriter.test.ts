import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { expect, test } from 'vitest'
import { MARK, MarkedRange, type Mark, Rewriter } from '../../../src/plugin/instrument/rewriter.ts'

/** The text a range stands for, once the rewriter has settled. */
function textOf(rewriter: Rewriter, range: MarkedRange): string {
  return rewriter.toString().slice(...range.toRange())
}

test('a range covers what was opened and closed around a node', () => {
  const rewriter = new Rewriter('a; bcd; e')
  const range = new MarkedRange()
  rewriter.open(3, `run(${MARK}() => (`, range.start)
  rewriter.close(6, `)${MARK});`, range.end)
  rewriter.settle()
  expect(rewriter.toString()).toBe('a; run(() => (bcd););; e'.replace(');)', '))'))
  expect(textOf(rewriter, range)).toBe('() => (bcd)')
})

test('nested nodes that begin and end at one place nest', () => {
  const rewriter = new Rewriter('x')
  const [outer, inner] = [new MarkedRange(), new MarkedRange()]
  rewriter.open(0, `${MARK}<`, outer.start)
  rewriter.close(1, `>${MARK}`, outer.end)
  rewriter.open(0, `${MARK}[`, inner.start)
  rewriter.close(1, `]${MARK}`, inner.end)
  rewriter.settle()
  expect(rewriter.toString()).toBe('<[x]>')
  expect([textOf(rewriter, outer), textOf(rewriter, inner)]).toEqual(['<[x]>', '[x]'])
})

test('where one node ends and the next begins, the end comes first', () => {
  const rewriter = new Rewriter('ab')
  const [first, second] = [new MarkedRange(), new MarkedRange()]
  rewriter.open(1, `${MARK}{`, second.start)
  rewriter.close(1, `)${MARK}`, first.end)
  rewriter.open(0, `${MARK}(`, first.start)
  rewriter.close(2, `}${MARK}`, second.end)
  rewriter.settle()
  expect(rewriter.toString()).toBe('(a){b}')
  expect([textOf(rewriter, first), textOf(rewriter, second)]).toEqual(['(a)', '{b}'])
})

test('marks count with texts that were replaced before them, longer or shorter', () => {
  const rewriter = new Rewriter('const abc = defgh, x')
  const range = new MarkedRange()
  rewriter.replace(0, 5, 'let')
  rewriter.replace(6, 9, 'a_long_name')
  rewriter.open(12, `(${MARK}`, range.start)
  rewriter.replace(12, 17, 'd')
  rewriter.close(17, `${MARK})`, range.end)
  rewriter.settle()
  expect(rewriter.toString()).toBe('let a_long_name = (d), x')
  expect(textOf(rewriter, range)).toBe('d')
})

test('what is opened first at a place comes before what was opened there', () => {
  const rewriter = new Rewriter('x')
  const range = new MarkedRange()
  rewriter.open(0, `${MARK}[`, range.start)
  rewriter.close(1, `]${MARK}`, range.end)
  rewriter.openFirst(0, 'head; ')
  rewriter.settle()
  expect(rewriter.toString()).toBe('head; [x]')
  expect(textOf(rewriter, range)).toBe('[x]')
})

test('replacing nothing changes nothing', () => {
  const rewriter = new Rewriter('ab')
  rewriter.replace(1, 1, 'x')
  rewriter.settle()
  expect(rewriter.toString()).toBe('ab')
})

test('several marks in one text are given in its order', () => {
  const rewriter = new Rewriter('x')
  const marks: Mark[] = [{ offset: -1 }, { offset: -1 }, { offset: -1 }]
  rewriter.open(0, `${MARK}ab${MARK}c${MARK}`, ...marks)
  rewriter.settle()
  expect(marks.map(({ offset }) => offset)).toEqual([0, 2, 3])
})

test('as many marks have to be given as the text has places', () => {
  expect(() => new Rewriter('x').open(0, `${MARK}a`)).toThrow('0 marks given for 1 places')
})

test('the map leads from rewritten code to the source', () => {
  const rewriter = new Rewriter('one\ntwo(three)')
  rewriter.openFirst(0, 'head; ')
  rewriter.open(4, 'wrapped(')
  rewriter.close(14, ')')
  rewriter.settle()
  const map = new TraceMap(rewriter.generateMap('/a.ts') as never)
  const column = rewriter.toString().split('\n')[1]?.indexOf('three') ?? -1
  expect(originalPositionFor(map, { line: 2, column })).toMatchObject({ source: '/a.ts', line: 2, column: 4 })
})
