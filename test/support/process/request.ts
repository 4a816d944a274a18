import { DEADLINE_MS } from './eventually.ts'

export interface Reply {
  readonly status: number
  readonly text: string
  /** The text as JSON; throws when it is none. */
  json<T = unknown>(): T
}

/** Requests sent by this process, so that each carries its own id into logs and error messages. */
let requests = 0

/** One request. With a body it is a POST of JSON. Rejects when no answer came before the deadline. */
export async function request(url: string, body?: object): Promise<Reply> {
  const id = `test-${(requests += 1)}`
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(DEADLINE_MS),
    headers: { 'x-request-id': id, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new Error(`Request ${id} to ${url} was not answered.`, { cause: error })
  })
  const text = await response.text()
  return { status: response.status, text, json: () => JSON.parse(text) }
}
