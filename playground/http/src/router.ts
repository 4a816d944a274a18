import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Context {
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  body(): Promise<unknown>
}

/** What a handler returns becomes the response: a string is HTML, anything else JSON. */
export type Handler = (context: Context) => unknown

interface Route {
  readonly method: string
  readonly segments: readonly string[]
  readonly handler: Handler
}

export class HttpError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** As much of a router as a chat room needs: `/rooms/:room` and the like, first match wins. */
export class Router {
  readonly #routes: Route[] = []

  get(path: string, handler: Handler): void {
    this.#add('GET', path, handler)
  }

  post(path: string, handler: Handler): void {
    this.#add('POST', path, handler)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    try {
      const [handler, params] = this.#find(request.method ?? 'GET', url.pathname)
      send(response, 200, await handler({ url, params, body: () => readJson(request) }))
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500
      send(response, status, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  #add(method: string, path: string, handler: Handler): void {
    this.#routes.push({ method, segments: path.split('/'), handler })
  }

  #find(method: string, pathname: string): [Handler, Record<string, string>] {
    for (const route of this.#routes) {
      const params = route.method === method ? match(route.segments, pathname.split('/')) : undefined
      if (params) return [route.handler, params]
    }
    throw new HttpError(404, `nothing at ${method} ${pathname}`)
  }
}

function match(segments: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== actual.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const value = actual[index] ?? ''
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return params
}

function send(response: ServerResponse, status: number, result: unknown): void {
  const isHtml = typeof result === 'string'
  response.writeHead(status, { 'content-type': isHtml ? 'text/html; charset=utf-8' : 'application/json' })
  response.end(isHtml ? result : JSON.stringify(result))
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpError(400, 'the body is not JSON')
  }
}
