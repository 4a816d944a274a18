import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { getJson } from './get-json.ts'
import type { ServerProcess } from './server-process.ts'

const EDIT_LIMIT_MS = 5_000

/** Between two requests. Back to back they would take a third of the processor from the server that is measured. */
const PACE_MS = 1

/** A generated app on disk. */
export interface Editable {
  /** Saves the edited module with another `version <n>` in it. What it returned to is the end of the write. */
  edit(version: number): void
}

/** What a generated server answers. */
export interface Answer {
  /** `version <n>`, as the edited module has it. */
  readonly text: string
  readonly pid: number
}

/** What came of one edit. */
export type Edit<A extends Answer> =
  | ({
      readonly kind: 'answered'
      readonly ms: number
      /** Milliseconds since the epoch at which the write had returned. */
      readonly writtenAt: number
      /** The last answer before the write, to see what the edit kept. */
      readonly before: A | undefined
      readonly answer: A
    } & Requests)
  | ({ readonly kind: 'missed' } & Requests)

interface Requests {
  /** Requests that were refused, broke off or were answered with an error between the write and the new answer. */
  readonly failedRequests: number
}

export interface EditRunOptions {
  /** What is asked. */
  readonly path?: string
  /** Milliseconds between two requests. */
  readonly paceMs?: number
}

/** The edits of one running app, one after another. */
export class EditRun<A extends Answer> {
  readonly edits: Edit<A>[] = []
  readonly #app: Editable
  readonly #server: ServerProcess
  readonly #options: Required<EditRunOptions>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** The version on disk. Only `edit` raises it. */
  #version = 0

  constructor(app: Editable, server: ServerProcess, { path = '/', paceMs = PACE_MS }: EditRunOptions = {}) {
    this.#app = app
    this.#server = server
    this.#options = { path, paceMs }
  }

  /** Writes the next version, then asks again and again until it is answered. */
  async edit(): Promise<Edit<A>> {
    const edit = await this.#edit()
    this.edits.push(edit)
    return edit
  }

  /** Forgets the edits so far: they warmed the process up. */
  forget(): void {
    this.edits.length = 0
  }

  close(): Promise<void> {
    this.#agent.destroy()
    return this.#server.stop()
  }

  async #edit(): Promise<Edit<A>> {
    const before = await this.#ask()
    this.#version += 1
    const expected = `version ${this.#version}`
    let failedRequests = 0
    this.#app.edit(this.#version)
    const written = performance.now()
    while (performance.now() - written < EDIT_LIMIT_MS) {
      const answer = await this.#ask()
      if (answer === undefined) {
        failedRequests += 1
      } else if (answer.text === expected) {
        const ms = performance.now() - written
        const writtenAt = performance.timeOrigin + written
        return { kind: 'answered', ms, writtenAt, before, answer, failedRequests }
      }
      await pause(this.#options.paceMs)
    }
    return { kind: 'missed', failedRequests }
  }

  async #ask(): Promise<A | undefined> {
    try {
      return await getJson<A>(this.#server.port, this.#options.path, this.#agent)
    } catch {
      // A refused or broken request is a result, not an error: it is counted.
      return undefined
    }
  }
}
