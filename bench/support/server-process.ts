import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const KEPT_OUTPUT = 8_000
const GRACE_MS = 1_500

export interface Launch {
  /** What runs it; Node, if nothing is named. */
  readonly command?: string
  readonly args: readonly string[]
  readonly cwd: string
  /** How long the first `listening <port>` line may take. */
  readonly startLimitMs: number
  /** Variables beside those of this process. */
  readonly env?: NodeJS.ProcessEnv
}

/**
 * A server under test: a real child process, in a process group of its own, because watchers start children themselves.
 * It listens on a port the system chose and prints `listening <port>`, again each time it listens anew.
 */
export class ServerProcess {
  /** The port announced last. Written by the output reader, each time the server listens. */
  port = 0
  /** The end of what it printed, for error messages. */
  output = ''
  readonly #child: ChildProcess
  /** Settled by the first announced port. */
  readonly #listening = withResolvers()

  private constructor(child: ChildProcess) {
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.#read(line))
    }
  }

  /** Resolves when the server listens. Throws, with what it printed, if it exits first or takes too long. */
  static async start(launch: Launch): Promise<ServerProcess> {
    const command = launch.command ?? process.execPath
    const child = spawn(command, launch.args, {
      cwd: launch.cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...launch.env },
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    const server = new ServerProcess(child)
    const limit = setTimeout(server.#listening.resolve, launch.startLimitMs)
    child.once('close', server.#listening.resolve)
    await server.#listening.promise
    clearTimeout(limit)
    if (server.port !== 0) return server
    await server.stop()
    throw new Error(`${command} ${launch.args.join(' ')} did not listen. It printed:\n${server.output}`)
  }

  /** The process group: of everything it started. */
  get group(): number {
    return this.#child.pid ?? 0
  }

  /** Ends the process and everything it started. */
  async stop(): Promise<void> {
    if (hasEnded(this.#child)) return
    const exited = once(this.#child, 'exit')
    signalGroup(this.#child, 'SIGTERM')
    const grace = setTimeout(() => signalGroup(this.#child, 'SIGKILL'), GRACE_MS)
    await exited
    clearTimeout(grace)
    signalGroup(this.#child, 'SIGKILL')
  }

  #read(line: string): void {
    this.output = `${this.output}${line}\n`.slice(-KEPT_OUTPUT)
    const announced = /^listening (\d+)$/.exec(line)
    if (announced === null) return
    this.port = Number(announced[1])
    this.#listening.resolve()
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let settle = (): void => {}
  const promise = new Promise<void>((resolve) => (settle = resolve))
  return { promise, resolve: () => settle() }
}

/** The processes started here that have not ended. Filled by `start`, emptied by their exit. */
const running = new Set<ChildProcess>()

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

process.once('exit', () => running.forEach((child) => signalGroup(child, 'SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
