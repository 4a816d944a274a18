import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Outcome } from '../../src/protocol/index.ts'
import type { ChangedFile } from './history.ts'

/** What a checkout came to in the hot server. */
export interface Settled {
  readonly outcomes: readonly Outcome[]
  /** Files that were changed and of which the plugin was not told. */
  readonly untold: readonly string[]
}

/** What the server's process tells; see `inside/listener.mjs`. */
type Told = { readonly kind: 'watching' } | { readonly kind: 'expecting' } | ({ readonly kind: 'settled' } & Settled)

/** What Vite has not handed over so long after a checkout, it will not hand over, in milliseconds. */
const LONGEST_DELIVERY = 6_000

/** Where the plugin in the hot server's process reports to. */
export class ListeningPost {
  readonly #server: Server
  /** To the present hot server. */
  #socket: Socket | undefined
  /** Told and not yet asked for. */
  readonly #told: Told[] = []
  /** Called at each word. Set while somebody waits for one. */
  #onWord: (() => void) | undefined

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.#socket = socket
      const lines = createInterface(socket)
      // A process that dies may reset the connection, which readline says once more.
      for (const emitter of [socket, lines]) emitter.on('error', () => undefined)
      lines.on('line', (line) => {
        this.#told.push(JSON.parse(line) as Told)
        this.#onWord?.()
      })
    })
  }

  static async open(): Promise<ListeningPost> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ListeningPost(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** A new hot server is about to be started. */
  forget(): void {
    this.#told.length = 0
    this.#socket = undefined
  }

  /** Resolves when Vite watches the files. */
  async watching(signal: AbortSignal): Promise<void> {
    await this.#hear('watching', signal)
  }

  /** Says what the next checkout changes. */
  async expect(files: readonly ChangedFile[], signal: AbortSignal): Promise<void> {
    this.#say({ kind: 'expect', files })
    await this.#hear('expecting', signal)
  }

  /** Resolves when the plugin has been told of all that was expected, and no update is under way. */
  async settled(signal: AbortSignal): Promise<Settled> {
    this.#say({ kind: 'wait' })
    const patience = setTimeout(() => this.#say({ kind: 'give-up' }), LONGEST_DELIVERY)
    try {
      return await this.#hear('settled', signal)
    } finally {
      clearTimeout(patience)
    }
  }

  close(): void {
    this.#socket?.destroy()
    this.#server.close()
  }

  #say(message: object): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`)
  }

  async #hear<Kind extends Told['kind']>(kind: Kind, signal: AbortSignal): Promise<Extract<Told, { kind: Kind }>> {
    for (;;) {
      const at = this.#told.findIndex((told) => told.kind === kind)
      if (at !== -1) return this.#told.splice(0, at + 1).at(-1) as Extract<Told, { kind: Kind }>
      await new Promise<void>((resolve, reject) => {
        signal.throwIfAborted()
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        this.#onWord = resolve
      })
    }
  }
}
