export interface Item {
  readonly id: number
  readonly name: string
  readonly cents: number
  readonly tags: readonly string[]
}

abstract class Repository<T extends { readonly id: number }> {
  readonly #rows = new Map<number, T>()
  #reads = 0

  protected put(row: T): void {
    this.#rows.set(row.id, row)
  }

  find(id: number): T | undefined {
    this.#reads += 1
    return this.#rows.get(id)
  }

  *[Symbol.iterator](): Generator<T> {
    yield* this.#rows.values()
  }

  get reads(): number {
    return this.#reads
  }
}

export class ItemStore extends Repository<Item> {
  constructor(count: number) {
    super()
    for (let id = 1; id <= count; id++) {
      this.put({ id, name: `item ${id}`, cents: id * 125, tags: [`tag-${id % 7}`, `tag-${id % 3}`] })
    }
  }

  async load(id: number): Promise<Item> {
    const item = this.find(id)
    if (item === undefined) throw new NotFound(id)
    return item
  }

  related(item: Item): Item[] {
    const found: Item[] = []
    for (const other of this) {
      if (other.id !== item.id && other.tags.some((tag) => item.tags.includes(tag))) found.push(other)
      if (found.length === 5) break
    }
    return found
  }
}

export class NotFound extends Error {
  readonly id: number

  constructor(id: number) {
    super(`there is no item ${id}`)
    this.id = id
  }
}

export const items = new ItemStore(100)
