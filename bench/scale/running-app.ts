import { Agent, get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { VITE_NODE } from '../support/commands.ts'
import { ServerProcess } from '../support/server-process.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { App } from './app.ts'
import type { AppShape } from './shape.ts'

const START_LIMIT_MS = 600_000
const UPDATE_LIMIT_MS = 60_000

/** Nothing is kept of a small app. */
const KEEP_LIMIT_MS = 10_000

/** Between two edits. Longer than the 50 ms in which Vite's watcher drops a second change of a file, and than a burst. */
const QUIET_MS = 400

/** What it took until the server listened. */
export interface Start {
  /** Processor time of all threads of the process. */
  readonly cpuMs: number
  readonly wallMs: number
}

/** How long one update took, by its parts. */
export interface Update {
  /** From the write of the last file until Vite told of it: not for this project to change. */
  readonly noticeMs: number
  /** From there until the update was applied: all that the plugin and the runtime do, and Vite's transform. */
  readonly updateMs: number
  /** Of that, what the runtime took to apply it. */
  readonly applyMs: number
  /** How many updates it became: files saved at once may come too slowly to be taken for one. */
  readonly updates: number
}

/** What the process says of an update: see `app/probe.ts`. */
interface Applied {
  readonly rung: string
  readonly toldAt: number
  readonly appliedAt: number
  readonly applyMs: number
}

/** An app under `vite-node --watch`, in a process of its own. */
export class RunningApp {
  readonly app: App
  readonly #server: ServerProcess
  readonly #agent = new Agent({ keepAlive: true })

  private constructor(app: App, server: ServerProcess) {
    this.app = app
    this.#server = server
  }

  static async start(shape: AppShape, isHot: boolean): Promise<RunningApp> {
    return RunningApp.#launch(new App(createTempFolder(`scale-${shape.modules}`), shape, isHot))
  }

  static async #launch(app: App): Promise<RunningApp> {
    const heapMib = 2_000 + app.shape.heapMib * 2
    const args = [`--max-old-space-size=${heapMib}`, VITE_NODE, '--watch', 'server.ts']
    const server = await ServerProcess.start({ args, cwd: app.folder, startLimitMs: START_LIMIT_MS })
    const running = new RunningApp(app, server)
    const mismatch = await running.#mismatch()
    if (mismatch !== undefined) throw new Error(mismatch)
    return running
  }

  /** Resolves when what a start leaves to later ones is on disk, and no longer in memory. */
  async kept(): Promise<void> {
    const deadline = performance.now() + KEEP_LIMIT_MS
    while (!this.app.isKept && performance.now() < deadline) await pause(QUIET_MS)
  }

  /** Ends it, and starts it again in the same folder. */
  async again(): Promise<RunningApp> {
    await this.stop()
    return RunningApp.#launch(this.app)
  }

  async started(): Promise<Start> {
    const { cpu, ms } = await this.#ask<{ cpu: NodeJS.CpuUsage; ms: number }>('/started')
    return { cpuMs: (cpu.user + cpu.system) / 1000, wallMs: ms }
  }

  /** What the process holds after a forced collection. */
  memory(): Promise<NodeJS.MemoryUsage> {
    return this.#ask('/memory')
  }

  /**
   * Edits the app and waits until that has been applied.
   *
   * @throws when the update took another rung, or the server comes not to answer as the new source says
   */
  async update(edit: (app: App) => void, rung: 'patch' | 're-run'): Promise<Update> {
    await pause(QUIET_MS)
    let { updates: number } = await this.#ask<{ updates: number }>('/count')
    edit(this.app)
    const writtenAt = performance.timeOrigin + performance.now()
    let applied: Applied
    let applyMs = 0
    let updates = 0
    do {
      applied = await this.#ask<Applied>(`/update/${number++}`)
      if (applied.rung !== rung) throw new Error(`It took a ${applied.rung}, not a ${rung}:\n${this.#server.output}`)
      applyMs += applied.applyMs
      updates += 1
      // Files of a slow burst may go into a second update.
    } while ((await this.#mismatch()) !== undefined)
    return {
      noticeMs: applied.toldAt - writtenAt,
      updateMs: applied.appliedAt - applied.toldAt,
      applyMs,
      updates,
    }
  }

  stop(): Promise<void> {
    this.#agent.destroy()
    return this.#server.stop()
  }

  /** What the server does not answer as the source says. */
  async #mismatch(): Promise<string | undefined> {
    const { expected } = this.app
    const answer = await this.#ask<typeof expected>('/')
    const key = (['message', 'size', 'sum'] as const).find((name) => answer[name] !== expected[name])
    return key && `${key} is ${answer[key]}, not ${expected[key]}:\n${this.#server.output}`
  }

  #ask<T>(path: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const { port } = this.#server
      const request = get(
        { host: '127.0.0.1', port, path, agent: this.#agent, timeout: UPDATE_LIMIT_MS },
        (response) => {
          let body = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (body += chunk))
          response.on('end', () => resolve(JSON.parse(body) as T))
          response.on('error', reject)
        },
      )
      request.on('timeout', () => request.destroy(new Error(`${path} was not answered:\n${this.#server.output}`)))
      request.on('error', reject)
    })
  }
}
