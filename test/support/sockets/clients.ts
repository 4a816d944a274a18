import { once } from 'node:events'
import { Agent, get, type IncomingMessage, request, type RequestOptions } from 'node:http'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Where a server is: a port on loopback, or the path of a Unix socket. */
export type Place = { readonly port: number } | { readonly socketPath: string }

export interface Answer {
  readonly body: string
  readonly headers: IncomingMessage['headers']
  /** The client's socket, which tells one connection from another. */
  readonly socket: Socket
}

export async function answerOf(asking: ReturnType<typeof request>): Promise<Answer> {
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const { socket, headers } = response
  return { body: (await response.setEncoding('utf8').toArray()).join(''), headers, socket }
}

function at(place: Place): RequestOptions {
  return 'port' in place ? { host: '127.0.0.1', ...place } : place
}

/** One request on a connection of its own. */
export function ask(place: Place, options: RequestOptions = {}): Promise<Answer> {
  return answerOf(get({ ...at(place), agent: false, ...options }))
}

/** Requests one after the other on one connection, as long as the server keeps it. */
export function keptAlive(place: Place): () => Promise<Answer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return () => answerOf(get({ ...at(place), agent }))
}

/** A request whose answer has begun, and ends when the request does. */
export async function inFlight(place: Place): Promise<{ end(): Promise<string> }> {
  const asking = request({ ...at(place), agent: false, method: 'POST' })
  asking.flushHeaders()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const chunks: string[] = []
  const first = once(
    response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk)),
    'data',
  )
  await first
  return {
    async end() {
      const ended = once(response, 'end')
      asking.end()
      await ended
      return chunks.join('')
    },
  }
}

/** A plain socket that remembers what it was sent. */
export class Line {
  readonly socket: Socket
  /** All that came. Appended to by the socket. */
  #received = ''

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('utf8').on('data', (chunk: string) => (this.#received += chunk))
    socket.on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
  }

  static async to(options: NetConnectOpts): Promise<Line> {
    const socket = connect(options)
    await once(socket, 'connect')
    return new Line(socket)
  }

  /** Sends a text, and resolves with all that was received once `pattern` is in it. What came before is forgotten. */
  async say(text: string, pattern: RegExp): Promise<string> {
    this.#received = ''
    this.socket.write(text)
    while (!pattern.test(this.#received)) await once(this.socket, 'data')
    return this.#received
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.readable
  }
}

/** Whether a connection is refused there. */
export async function isRefused(options: NetConnectOpts): Promise<boolean> {
  const socket = connect(options)
  try {
    await once(socket, 'connect')
    return false
  } catch {
    return true
  } finally {
    socket.destroy()
  }
}
