import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Measured } from './measured.ts'

const LIMIT_MS = 60_000

/** A process that says `ready`, and then what came of each edit. */
export class MeasuredProcess {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(
    script: string,
    args: readonly string[],
    { cwd, env, execArgv }: { cwd: string; env?: NodeJS.ProcessEnv; execArgv?: string[] },
  ): Promise<MeasuredProcess> {
    const child = fork(script, args, {
      cwd,
      env: { ...process.env, ...env },
      execArgv: execArgv ?? [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    const measured = new MeasuredProcess(child)
    await measured.#message()
    return measured
  }

  /** What comes of an edit. Throws when nothing does. */
  async edit(write: () => void): Promise<Measured> {
    const said = this.#message()
    write()
    return (await said) as Measured
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  async #message(): Promise<unknown> {
    const [message] = (await once(this.#child, 'message', { signal: AbortSignal.timeout(LIMIT_MS) })) as [unknown]
    return message
  }
}

/** Those started here that have not ended. Filled by `start`, emptied by their exit. */
const running = new Set<ChildProcess>()

process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))
