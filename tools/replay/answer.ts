import { request } from 'node:http'
import type { Place, Probe } from './probe.ts'

/** No answer is waited for longer than this, in milliseconds. */
const LONGEST_WAIT = 10_000

/** Headers that differ without meaning anything, or that follow from the body. */
const VOLATILE = new Set([
  'connection',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'transfer-encoding',
])

/** An answer, taken apart as its probe says. */
export interface Answer {
  /** What is compared: status, headers and body, without what is ignored and what is state. Or why none came. */
  readonly text: string
  /** What was found at each place of state, as JSON. Absent where nothing was. */
  readonly state: ReadonlyMap<Place, string>
}

/** Asks, on a connection of its own. Never rejects: that nobody answers is an answer too. */
export async function ask(url: string, probe: Probe): Promise<Answer> {
  try {
    const { status, headers, body } = await send(url, probe)
    return toAnswer(probe, status, headers, body)
  } catch (error) {
    return { text: `no answer: ${error instanceof Error ? error.message : String(error)}`, state: new Map() }
  }
}

function send(url: string, probe: Probe): Promise<{ status: number; headers: [string, string][]; body: string }> {
  const { method, headers, path } = probe
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(LONGEST_WAIT)
    const asked = request(new URL(path, url), { method, headers, agent: false, signal }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          body,
        }),
      )
    })
    asked.on('error', reject)
    asked.end(probe.body)
  })
}

export function toAnswer(
  probe: Probe,
  status: number,
  headers: readonly (readonly [string, string])[],
  body: string,
): Answer {
  const state = new Map<Place, string>()
  const ignoredHeaders = probe.ignore.map((place) => /^header (.+)$/i.exec(place)?.[1]?.toLowerCase())
  const shownHeaders = headers
    .filter(([name]) => !VOLATILE.has(name) && !ignoredHeaders.includes(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted()
  let rest = body
  for (const place of [...probe.ignore, ...probe.state]) {
    const pattern = toPattern(place)
    if (!pattern) continue
    const found = rest.match(pattern)
    if (found && probe.state.includes(place)) state.set(place, JSON.stringify(found))
    rest = rest.replaceAll(pattern, '…')
  }
  const paths = [...probe.ignore, ...probe.state].filter((place) => !toPattern(place) && !place.startsWith('header '))
  const json = parse(rest)
  if (json) {
    for (const place of paths) {
      const found = takeOut(json, toKeys(place))
      if (found.length > 0 && probe.state.includes(place)) state.set(place, JSON.stringify(found))
    }
    // As it is where nothing was taken out: spaces may be what an edit is about.
    if (paths.length > 0) rest = JSON.stringify(json.$, null, 2)
  }
  return { text: [`status ${status}`, ...shownHeaders, '', rest].join('\n'), state }
}

/** Wrapped, so that all of it can be taken out, too. */
function parse(text: string): { $: unknown } | undefined {
  try {
    return { $: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function toPattern(place: Place): RegExp | undefined {
  const [, source] = /^\/(.+)\/$/.exec(place) ?? []
  return source === undefined ? undefined : new RegExp(source, 'g')
}

/** `a.*.b` and `$.a[*].b` alike. */
function toKeys(place: Place): readonly string[] {
  const keys = place.replaceAll(/\[([^\]]*)\]/g, '.$1').split('.')
  return keys[0] === '$' ? keys : ['$', ...keys]
}

/** Replaces by `…` what stands at the path, and returns what stood there. */
function takeOut(holder: unknown, [key = '', ...keys]: readonly string[]): unknown[] {
  if (typeof holder !== 'object' || holder === null) return []
  const object = holder as Record<string, unknown>
  return (key === '*' ? Object.keys(object) : [key]).flatMap((name) => {
    if (!Object.hasOwn(object, name)) return []
    const value = object[name]
    if (keys.length > 0) return takeOut(value, keys)
    object[name] = '…'
    return [value]
  })
}
