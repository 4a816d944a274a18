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

/** Something that listens, between two processes. */
export interface PassedHandle {
  close(): void
}

export interface ServerListener {
  onMessage(process: ServerProcess, message: ServerMessage, handle: PassedHandle | undefined): void
  onEnd(process: ServerProcess, end: End): void
}

const SCRIPT = fileURLToPath(new URL('hot-node-server.js', import.meta.url))

/** How long a process may take to end once it has been told to. */
const LONGEST_END = 10_000

/**
 * A process that runs the server. On POSIX systems it is in a session of its own, so that a terminal's signals reach it
 * through the supervisor, and so once.
 */
export class ServerProcess {
  readonly started: number = performance.now()
  /** Its Vite server is there. Set by its own word. */
  hasBooted = false
  /** It runs the program, or does so without being told. */
  runs: boolean
  readonly #child: ChildProcess
  #uncaught: End['uncaught']

  constructor(task: Task, { pipesInput }: { readonly pipesInput: boolean }, listener: ServerListener) {
    this.runs = task.startsOn === 'boot'
    // What somebody who started the supervisor told Node, and what Node reads itself.
    const given = process.execArgv.filter((option) => !option.startsWith('--inspect'))
    const nodeOptions = [...given, ...task.envFiles.map((file) => `--env-file=${file}`)]
    this.#child = spawn(process.execPath, [...nodeOptions, SCRIPT, JSON.stringify(task)], {
      stdio: [pipesInput ? 'pipe' : 'inherit', 'inherit', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
    })
    this.#child.on('message', (message: ServerMessage, handle) => {
      if (message.kind === 'uncaught') this.#uncaught = message
      else if (message.kind === 'booted') this.hasBooted = true
      else if (message.kind === 'saved') this.runs = true
      listener.onMessage(this, message, handle as unknown as PassedHandle | undefined)
    })
    // Writing to a program that has ended, or does not read.
    this.#child.stdin?.on('error', () => undefined)
    this.#child.on('exit', (code, signal) => {
      listener.onEnd(this, { code, signal, ...(this.#uncaught && { uncaught: this.#uncaught }) })
    })
  }

  /** What the program reads, where it does not read from where the supervisor does. */
  get input(): NodeJS.WritableStream | null {
    return this.#child.stdin
  }

  send(message: SupervisorMessage): void {
    if (message.kind === 'start') this.runs = true
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  /** Sends a message with a handle, which this process needs no longer. */
  pass(message: SupervisorMessage, handle: PassedHandle): void {
    if (this.#child.connected) this.#child.send(message, handle as unknown as SendHandle, () => handle.close())
    else handle.close()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it as its own handlers decide, and anyway after a time. */
  terminate(): void {
    this.signal('SIGTERM')
    this.expectEnd(LONGEST_END)
  }

  /** Kills it unless it ends within a time. */
  expectEnd(ms: number): void {
    const timer = setTimeout(() => this.signal('SIGKILL'), ms)
    this.#child.once('exit', () => clearTimeout(timer))
  }
}
