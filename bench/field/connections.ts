import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'

const ANSWER_LIMIT_MS = 2_000

/** Which of the two outlived an edit. */
export interface Survivors {
  readonly keptAlive: boolean
  readonly stream: boolean
}

/** A connection that is kept alive between requests and a stream of server-sent events, held over edits. */
export class Connections {
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** Undefined while there is none: before `open`, and once the server has ended it. */
  #stream: IncomingMessage | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** Opens what is not open. */
  async open(): Promise<void> {
    await this.#isReused()
    if (this.#stream !== undefined) return
    const stream = await this.#get('/events')
    this.#stream = stream
    stream.on('error', () => {}).once('close', () => (this.#stream = undefined))
    await once(stream, 'data')
  }

  async look(): Promise<Survivors> {
    const keptAlive = await this.#isReused().catch(() => false)
    return { keptAlive, stream: this.#stream !== undefined }
  }

  close(): void {
    this.#agent.destroy()
    this.#stream?.destroy()
  }

  /** Whether a request finds the connection of the one before. */
  async #isReused(): Promise<boolean> {
    const response = await this.#get('/kept-alive', this.#agent)
    const { reusedSocket } = response as IncomingMessage & { readonly reusedSocket?: boolean }
    response.resume()
    await once(response, 'end')
    return reusedSocket === true
  }

  #get(path: string, agent: Agent | false = false): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port: this.#port, path, agent }, (response) => {
        clearTimeout(limit)
        resolve(Object.assign(response, { reusedSocket: request.reusedSocket }))
      })
      const limit = setTimeout(() => request.destroy(new Error('the request timed out')), ANSWER_LIMIT_MS)
      request.on('error', reject)
    })
  }
}
