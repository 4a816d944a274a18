import { readFileSync } from 'node:fs'

/**
 * What to take out of an answer: a path in its JSON (`pid`, `items.*.createdAt`, `$` for all of it), a pattern in its
 * text (`/took \d+ ms/`), or a header (`header x-request-id`).
 */
export type Place = string

/** A request, and how its answers are judged. */
export interface Probe {
  /** As the user wrote it: `GET /todos`. Its name in the report. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Differs each time, and says nothing: left out of every comparison. */
  readonly ignore: readonly Place[]
  /** What the process remembers: not compared with the cold server, but with the answer before the update. */
  readonly state: readonly Place[]
}

export interface Probes {
  readonly probes: readonly Probe[]
  /** Sent to the hot server before each checkout, so that there is state to lose. Their answers are not looked at. */
  readonly prepare: readonly Probe[]
}

/** A probe in a file: the request alone, or with all that can be said of it. */
type ProbeJson =
  | string
  | {
      readonly request: string
      readonly headers?: Record<string, string>
      readonly body?: unknown
      readonly ignore?: readonly Place[]
      readonly state?: readonly Place[]
    }

interface ProbesJson {
  readonly probes?: readonly ProbeJson[]
  readonly prepare?: readonly ProbeJson[]
  /** Holds for all probes. */
  readonly ignore?: readonly Place[]
}

/** @throws if the file cannot be read, is no JSON, or has something else in it */
export function readProbes(file: string): Probes {
  const { probes = [], prepare = [], ignore = [], ...rest } = JSON.parse(readFileSync(file, 'utf8')) as ProbesJson
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new Error(`${file}: '${unknown}' is none of probes, prepare, ignore.`)
  return { probes: probes.map((one) => parseProbe(one, ignore)), prepare: prepare.map((one) => parseProbe(one)) }
}

/** @throws for what is not `METHOD /path`, with a body behind it or not */
export function parseProbe(json: ProbeJson, ignoreAlways: readonly Place[] = []): Probe {
  const { request, headers = {}, body, ignore = [], state = [] } = typeof json === 'string' ? { request: json } : json
  const [, method, path, text] = /^([A-Z]+) (\/\S*)(?: (.+))?$/s.exec(request) ?? []
  if (method === undefined || path === undefined)
    throw new Error(`'${request}' is not a request such as 'GET /todos' or 'POST /todos {"title":"one"}'.`)
  const sent = body === undefined ? text : typeof body === 'string' ? body : JSON.stringify(body)
  return {
    name: `${method} ${path}`,
    method,
    path,
    headers: { ...(sent !== undefined && isJson(sent) && { 'content-type': 'application/json' }), ...headers },
    body: sent,
    ignore: [...ignoreAlways, ...ignore],
    state,
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
