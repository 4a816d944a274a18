import { addImported } from './imported.ts'

/** Each kernel does one thing `count` times and returns a number, so that nothing of it can be left out. */
export type Kernel = (count: number) => number

function add(a: number, b: number): number {
  return (a + b) | 0
}

class Point {
  x: number
  readonly #weight: number

  constructor(x: number) {
    this.x = x
    this.#weight = x & 1
  }

  shift(by: number): number {
    return (this.x + by) | 0
  }

  get weight(): number {
    return this.#weight
  }
}

class Counter {
  #count = 0

  /** One call, `count` reads and writes of a private field. */
  run(count: number): number {
    for (let index = 0; index < count; index++) this.#count = (this.#count + index) | 0
    return this.#count
  }
}

/** Points are kept for a while, or the engine would make none. */
const KEPT = 256
const kept: Point[] = Array.from({ length: KEPT }, (_, index) => new Point(index))

const point = new Point(1)
const counter = new Counter()

export const kernels: Readonly<Record<string, Kernel>> = {
  'function call': (count) => {
    let sum = 0
    for (let index = 0; index < count; index++) sum = add(sum, index)
    return sum
  },
  'imported function call': (count) => {
    let sum = 0
    for (let index = 0; index < count; index++) sum = addImported(sum, index)
    return sum
  },
  'method call': (count) => {
    let sum = 0
    for (let index = 0; index < count; index++) sum = point.shift(sum)
    return sum
  },
  new: (count) => {
    for (let index = 0; index < count; index++) kept[index % KEPT] = new Point(index)
    return kept.length
  },
  'accessor of a private field': (count) => {
    let sum = 0
    for (let index = 0; index < count; index++) sum = (sum + point.weight) | 0
    return sum
  },
  'private field, read and write': (count) => counter.run(count),
}
