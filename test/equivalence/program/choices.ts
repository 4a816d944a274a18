/** Numbers that decide. Smaller ones decide for what is simpler, so that a counter-example shrinks. */
export class Choices {
  readonly #numbers: readonly number[]
  #taken = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    const number = this.#numbers[this.#taken] ?? 0
    this.#taken += 1
    return end > 0 ? number % end : 0
  }

  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }

  /** @throws if there is nothing to choose from */
  one<T>(list: readonly T[]): T {
    const chosen = this.maybeOne(list)
    if (chosen === undefined) throw new RangeError('There is nothing to choose from.')
    return chosen
  }

  maybeOne<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)]
  }
}
