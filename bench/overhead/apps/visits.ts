export class Visit {
  readonly #id: number
  readonly number: number

  constructor(id: number, number: number) {
    this.#id = id
    this.number = number
  }

  get id(): number {
    return this.#id
  }
}

export class Visits {
  readonly #counts = new Map<number, number>()

  record(id: number): Visit {
    const count = this.#countOf(id) + 1
    this.#counts.set(id, count)
    return new Visit(id, count)
  }

  #countOf(id: number): number {
    return this.#counts.get(id) ?? 0
  }
}
