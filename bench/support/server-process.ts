import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const KEPT_OUTPUT = 8_000
const GRACE_MS = 1_500

export interface Launch {
  /** Arguments of `node`. */
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

  private constructor(child: ChildProcess) {
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.#read(line))
    }
  }

  /** Resolves when the server listens. Throws, with what it printed, if it exits first or takes too long. */
  static async start(launch: Launch): Promise<ServerProcess> {
    const child = spawn(process.execPath, launch.args, {
      cwd: launch.cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...launch.env },
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    const server = new ServerProcess(child)
    const limit = performance.now() + launch.startLimitMs
    while (server.port === 0) {
      if (child.exitCode !== null || performance.now() > limit) {
        await server.stop()
        throw new Error(`node ${launch.args.join(' ')} did not listen. It printed:\n${server.output}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return server
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
    if (announced !== null) this.port = Number(announced[1])
  }
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
