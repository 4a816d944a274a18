import { countCalls, message, recent, remember } from './greeting.ts'

let renders = 0

export interface Section {
  readonly text: string
  readonly words: readonly string[]
  /** Counters of this module, which imports the edited one, and of the edited one. */
  readonly renders: number
  readonly calls: number
}

export function renderSection(name: string): Section {
  renders += 1
  remember(name)
  return { text: message(), words: recent(2), renders, calls: countCalls() }
}
