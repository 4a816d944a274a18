import type { RunOptions } from '../command-line.ts'
import type { Task } from '../messages.ts'
import { type End, ServerProcess } from './server-process.ts'
import { endAs, passSignalsOn } from './signals.ts'

/** Starts the server's process, hands signals on to it, and ends as it does. */
export class Supervisor {
  readonly #task: Task
  readonly #options: RunOptions
  #current: ServerProcess | undefined

  constructor(task: Task, options: RunOptions) {
    this.#task = task
    this.#options = options
  }

  run(): void {
    passSignalsOn((signal) => this.#current?.signal(signal))
    this.#current = this.#start()
  }

  #start(): ServerProcess {
    return new ServerProcess(
      this.#task,
      { nodeOptions: this.#options.nodeOptions, pipesInput: process.stdin.isTTY },
      { onMessage: () => undefined, onEnd: (end) => this.#finish(end) },
    )
  }

  #finish(end: End): void {
    endAs(end)
  }
}
