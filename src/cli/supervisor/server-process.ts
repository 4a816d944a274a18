import { type ChildProcess, type SendHandle, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ServerMessage, SupervisorMessage, Task } from '../messages.ts'

/** How a process ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Because of an error that nobody caught; with its code, if it has one. */
  readonly uncaught?: { readonly code?: string }
}

export interface ServerListener {
  onMessage(message: ServerMessage, handle: SendHandle | undefined): void
  onEnd(end: End): void
}

const SCRIPT = fileURLToPath(new URL('hot-node-server.js', import.meta.url))

/**
 * A process that runs the server. On POSIX systems it is in a session of its own, so that a terminal's signals reach it
 * through the supervisor, and so once.
 */
export class ServerProcess {
  readonly #child: ChildProcess
  #uncaught: End['uncaught']

  constructor(
    task: Task,
    { nodeOptions, pipesInput }: { readonly nodeOptions: readonly string[]; readonly pipesInput: boolean },
    listener: ServerListener,
  ) {
    this.#child = spawn(process.execPath, [...nodeOptions, SCRIPT, JSON.stringify(task)], {
      stdio: [pipesInput ? 'pipe' : 'inherit', 'inherit', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
    })
    this.#child.on('message', (message: ServerMessage, handle) => {
      if (message.kind === 'uncaught') this.#uncaught = message
      listener.onMessage(message, handle as SendHandle | undefined)
    })
    // Writing to a program that has ended, or does not read.
    this.#child.stdin?.on('error', () => undefined)
    this.#child.on('exit', (code, signal) => {
      listener.onEnd({ code, signal, ...(this.#uncaught && { uncaught: this.#uncaught }) })
    })
    this.#child.on('error', (error) => {
      throw error
    })
  }

  /** What the program reads, where it does not read from where the supervisor does. */
  get input(): NodeJS.WritableStream | null {
    return this.#child.stdin
  }

  send(message: SupervisorMessage, handle?: SendHandle): void {
    if (this.#child.connected) this.#child.send(message, handle, undefined, () => undefined)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
