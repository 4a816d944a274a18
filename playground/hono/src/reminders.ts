import { todos } from './services/todos.ts'

const ROUND_MS = 100

/** Goes round regularly and counts how often something was still to do. */
class Reminders {
  #rounds = 0
  #due = 0

  get rounds(): number {
    return this.#rounds
  }

  get due(): number {
    return this.#due
  }

  start(): void {
    setInterval(() => this.#goRound(), ROUND_MS)
  }

  #goRound(): void {
    this.#rounds += 1
    if (todos.pending().length > 0) this.#due += 1
  }
}

export const reminders = new Reminders()
