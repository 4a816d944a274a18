import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'

/** How long a server may take to end, once it is asked to, in milliseconds. */
const GRACE = 2_000

/** How often it is looked whether a port is open, which has no event in another process. */
const POLL = 20

/** How much of what it printed is kept, in characters. */
const KEPT = 20_000

/** How many lines of that a report shows. */
const SHOWN = 12

export interface Launch {
  readonly command: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** The port it is asked to listen on. */
  readonly port: number
  /** Where it listens, if that is known. */
  readonly url: string | undefined
  readonly limitMs: number
  /** Called with all that it prints. */
  readonly onOutput: (text: string) => void
}

/** A server of the repository, in a process group of its own: its command is given to a shell. */
export class Server {
  /** What it printed last. */
  output = ''
  /** Aborted, with a reason, when the process has ended. */
  readonly ended: AbortSignal
  readonly #child: ChildProcess
  #url = ''

  private constructor({ command, cwd, env, onOutput }: Launch) {
    const child = spawn(command, { shell: true, detached: true, cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ending = new AbortController()
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const text = stripVTControlCharacters(chunk)
        this.output = (this.output + text).slice(-KEPT)
        onOutput(text)
      })
    child.once('error', (error) => ending.abort(error))
    child.once('close', (code, signal) => ending.abort(new Error(`the process ended with ${signal ?? `code ${code}`}`)))
    running.add(child)
    child.once('close', () => running.delete(child))
    this.#child = child
    this.ended = ending.signal
  }

  /** Where it listens. */
  get url(): string {
    return this.#url
  }

  /** What it printed from the first error on, or last. Without the frames of stack traces, and not all of it. */
  get complaint(): string {
    const lines = this.output.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    const at = lines.findIndex((line) => /\b\w*Error\b/.test(line))
    return (at === -1 ? lines.slice(-SHOWN) : lines.slice(at, at + SHOWN)).join('\n')
  }

  /** Resolves when it listens. Throws, when it ends before, or takes too long; then it has been ended. */
  static async start(launch: Launch): Promise<Server> {
    const server = new Server(launch)
    try {
      await server.#waitUntilListening(launch)
      return server
    } catch (error) {
      await server.stop()
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`${why}\n${server.complaint}`.trim(), { cause: error })
    }
  }

  /** Ends the process and all that it started. */
  async stop(): Promise<void> {
    if (!this.ended.aborted) {
      const ended = once(this.ended, 'abort')
      signalGroup(this.#child, 'SIGTERM')
      const grace = setTimeout(() => signalGroup(this.#child, 'SIGKILL'), GRACE)
      await ended
      clearTimeout(grace)
    }
    signalGroup(this.#child, 'SIGKILL')
    const url = this.#url
    // Whoever still answers there would be taken for the next server.
    if (url !== '' && (await isOpen(url))) throw new Error(`Another process listens at ${url}: end it, or set --url.`)
  }

  async #waitUntilListening({ port, url, limitMs }: Launch): Promise<void> {
    const limit = performance.now() + limitMs
    for (;;) {
      this.ended.throwIfAborted()
      const candidates = url === undefined ? [`http://localhost:${port}`, ...findUrls(this.output)] : [url]
      for (const candidate of candidates)
        if (await isOpen(candidate)) {
          this.#url = candidate
          return
        }
      if (performance.now() > limit) throw new Error(`it does not listen after ${limitMs / 1000} s`)
      await delay(POLL)
    }
  }
}

/** Addresses of this machine that a server says it listens on. */
export function findUrls(output: string): string[] {
  const found = output.matchAll(
    /(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\bport)[\s:=]*(?:is\s*)?(?<port>\d{2,5})\b/gi,
  )
  return [...new Set([...found].map(({ groups }) => `http://localhost:${groups?.port}`))]
}

async function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port || 80), host: hostname.replaceAll(/[[\]]/g, '') })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** The processes started here that have not ended. Filled by the constructor, emptied by their end. */
const running = new Set<ChildProcess>()

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

process.once('exit', () => running.forEach((child) => signalGroup(child, 'SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
