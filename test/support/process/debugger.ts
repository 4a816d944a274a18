import { once } from 'node:events'
import {
  type EncodedSourceMap,
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

/** A script as the engine announced it, if it has an inline source map. */
interface Script {
  readonly id: string
  readonly map: TraceMap
}

interface Location {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber?: number
}

/** Where execution stopped, in the source. */
export interface Stop {
  readonly file: string
  readonly line: number
}

/** A debugger as editors have them: it knows files and lines of the source, and finds them through source maps. */
export class Debugger {
  readonly #socket: WebSocket
  /** In the order in which they were evaluated. */
  readonly #scripts: Script[] = []
  readonly #answers = new Map<number, (result: never) => void>()
  /** Emptied by {@link takeStops}. */
  readonly #stops: Stop[] = []
  #sent = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as never))
  }

  /** Attaches to the address that Node prints. */
  static async attach(url: string): Promise<Debugger> {
    const socket = new WebSocket(url)
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')
    const attached = new Debugger(socket)
    await attached.#send('Debugger.enable')
    return attached
  }

  /** Breaks at a line of a file, in every script that has something of it, as editors do. */
  async breakAt(file: string, line: number): Promise<void> {
    // Scripts are announced in order: after the answer, those are known that were evaluated before the question.
    await this.#send('Runtime.evaluate', { expression: '0' })
    for (const { id, map } of this.#scripts) {
      const source = map.resolvedSources.find((name) => name?.endsWith(file))
      const place = source && generatedPositionFor(map, { source, line, column: 0, bias: LEAST_UPPER_BOUND })
      if (!place || place.line === null) continue
      const location: Location = { scriptId: id, lineNumber: place.line - 1, columnNumber: place.column }
      await this.#send('Debugger.setBreakpoint', { location })
    }
  }

  /** Lets a process go on that waits for a debugger. */
  async run(): Promise<void> {
    await this.#send('Runtime.runIfWaitingForDebugger')
  }

  /** Where execution stopped since the last call. It went on at once. */
  takeStops(): Stop[] {
    return this.#stops.splice(0)
  }

  #receive(message: {
    readonly id?: number
    readonly method?: string
    readonly params?: never
    readonly result?: never
  }) {
    const { id, method, params, result } = message
    if (id !== undefined) {
      this.#answers.get(id)?.(result as never)
      this.#answers.delete(id)
    } else if (method === 'Debugger.scriptParsed') this.#noteScript(params as never)
    else if (method === 'Debugger.paused') this.#pause(params as never)
  }

  #noteScript({
    scriptId,
    url,
    sourceMapURL,
  }: {
    readonly scriptId: string
    readonly url: string
    readonly sourceMapURL: string
  }): void {
    const encoded = /^data:application\/json;.*base64,(.*)$/.exec(sourceMapURL)?.[1]
    if (encoded === undefined) return
    const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as EncodedSourceMap
    this.#scripts.push({ id: scriptId, map: new TraceMap(map, url) })
  }

  #pause({ callFrames }: { readonly callFrames: readonly { readonly location: Location }[] }): void {
    const [frame] = callFrames
    const map = this.#scripts.find(({ id }) => id === frame?.location.scriptId)?.map
    if (frame && map) {
      const { lineNumber, columnNumber = 0 } = frame.location
      const { source, line } = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber })
      this.#stops.push({ file: String(source), line: line ?? 0 })
    }
    void this.#send('Debugger.resume')
  }

  #send<T = unknown>(method: string, params: object = {}): Promise<T> {
    const id = (this.#sent += 1)
    this.#socket.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve) => this.#answers.set(id, resolve))
  }
}
