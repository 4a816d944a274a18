import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServerProcess } from '../support/server-process.ts'
import type { App } from './app.ts'
import { type Answer, ask } from './ask.ts'

const EDIT_LIMIT_MS = 5_000

/** Between two requests. Back to back they would take a third of the processor from the server that is measured. */
const PACE_MS = 1

/** What came of one edit. */
export type Edit =
  | ({
      readonly kind: 'answered'
      readonly ms: number
      /** Milliseconds since the epoch at which the write had returned. */
      readonly writtenAt: number
      readonly answer: Answer
      readonly samePid: boolean
      readonly sameState: boolean
    } & Requests)
  | ({ readonly kind: 'missed' } & Requests)

interface Requests {
  /** Requests that were refused or broke off between the write and the new answer. */
  readonly failedRequests: number
}

/** The edits of one running app, one after another. */
export class EditRun {
  readonly edits: Edit[] = []
  readonly #app: App
  readonly #server: ServerProcess
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** The version on disk. Only `edit` raises it. */
  #version = 0
  /** The last answer, to see what an edit kept. */
  #last: Answer | undefined

  constructor(app: App, server: ServerProcess) {
    this.#app = app
    this.#server = server
  }

  /** Writes the next version, then asks again and again until it is answered. */
  async edit(): Promise<void> {
    this.#last = await this.#ask()
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
        this.edits.push({ kind: 'answered', ms, writtenAt, answer, failedRequests, ...this.#compare(answer) })
        return
      }
      await pause(PACE_MS)
    }
    this.edits.push({ kind: 'missed', failedRequests })
  }

  /** Forgets the edits so far: they warmed the process up. */
  forget(): void {
    this.edits.length = 0
  }

  close(): Promise<void> {
    this.#agent.destroy()
    return this.#server.stop()
  }

  async #ask(): Promise<Answer | undefined> {
    try {
      return await ask(this.#server.port, this.#agent)
    } catch {
      // A refused or broken request is a result, not an error: it is counted.
      return undefined
    }
  }

  #compare(answer: Answer): { samePid: boolean; sameState: boolean } {
    const samePid = answer.pid === this.#last?.pid
    return { samePid, sameState: samePid && answer.hits > (this.#last?.hits ?? 0) }
  }
}
