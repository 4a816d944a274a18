/** Things with an id, kept in a map. */
export class Collection<T extends { readonly id: number }> {
  readonly #items: Map<number, T>
  #nextId: number

  constructor(items: Map<number, T>) {
    this.#items = items
    this.#nextId = Math.max(0, ...items.keys()) + 1
  }

  get size(): number {
    return this.#items.size
  }

  all(): readonly T[] {
    return [...this.#items.values()]
  }

  find(id: number): T | undefined {
    return this.#items.get(id)
  }

  protected add(make: (id: number) => T): T {
    return this.replace(make(this.#nextId++))
  }

  protected replace(item: T): T {
    this.#items.set(item.id, item)
    return item
  }
}
