/** Like that of a database: of no use until it is connected, which takes a while. */
export class Pool {
  readonly edition: number
  #isConnected = false

  constructor(edition: number) {
    this.edition = edition
  }

  async connect(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 100))
    this.#isConnected = true
  }

  query(): number {
    if (!this.#isConnected) throw new Error(`pool ${this.edition} is not connected`)
    return this.edition
  }
}
