interface Visit {
  readonly name: string
  readonly at: number
}

const limit = 100
const visits: Visit[] = []
let calls = 0

export class Greeter {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  greet(): string {
    return `${message()}, ${this.#name}`
  }
}

export function remember(name: string, at: number = Date.now()): void {
  visits.push({ name, at })
  if (visits.length > limit) visits.shift()
}

export function recent(count: number): readonly string[] {
  return visits.slice(-count).map((visit) => new Greeter(visit.name).greet())
}

/** How often this module has been asked, in the variable of the module that is edited. */
export function countCalls(): number {
  calls += 1
  return calls
}

/** What an edit changes. */
export function message(): string {
  return 'version 0'
}
