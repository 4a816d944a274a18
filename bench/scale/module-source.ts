/** Children of a module. The modules form a tree, so that their number is exact and no module is huge. */
const FAN_OUT = 6

/** Modules that any other may import beside its children, as all apps have them: the last ones. */
const SHARED = 3

/** Modules in one folder. Vite's watcher reads all of the folder in which a file was saved, so this is no detail. */
const FOLDER_SIZE = 40

/** Where a module lies, seen from the app's folder. */
export function modulePath(index: number): string {
  return `src/area-${Math.floor(index / FOLDER_SIZE)}/module-${index}.ts`
}

/**
 * The module number `index` of `count`: 35 to 75 lines of ordinary TypeScript, of one of four kinds.
 *
 * @param revision what its `revision()` answers, and what an edit changes
 * @param isImporter it uses the module that is edited
 */
export function moduleSource(index: number, count: number, revision: number, isImporter: boolean): string {
  const first = index * FAN_OUT + 1
  const children = Array.from({ length: FAN_OUT }, (_, offset) => first + offset).filter((child) => child < count)
  const shared = Array.from({ length: SHARED }, (_, offset) => count - 1 - ((index * 7 + offset * 13) % 20)).filter(
    (target) => index % 5 !== 0 && target > index && !children.includes(target),
  )
  const imports = [
    ...children.map((child) => `import { sum as sum${child} } from '../../${modulePath(child)}'`),
    ...[...new Set(shared)].map((target) => `import { name as name${target} } from '../../${modulePath(target)}'`),
    ...(isImporter ? [`import { message } from '../edited/message.ts'`] : []),
  ]
  const terms = ['revision()', ...children.map((child) => `sum${child}()`)]
  const names = [...new Set(shared)].map((target) => `name${target}()`)
  return `${imports.join('\n')}
${(KINDS[index % KINDS.length] as (index: number) => string)(index)}
export function name(): string {
  return 'module ${index}'
}

/** What this module and those below it say of their revisions. */
export function sum(): number {
  return ${terms.join(' + ')}
}

export function related(): readonly string[] {
  return [${[...names, ...(isImporter ? ['message()'] : [])].join(', ')}]
}

export function revision(): number {
  return ${revision}
}
`
}

const KINDS: readonly ((index: number) => string)[] = [service, helpers, routes, model]

function service(index: number): string {
  return `
interface Entry {
  readonly key: string
  readonly amount: number
  readonly at: number
}

export class NotFound${index} extends Error {
  readonly key: string

  constructor(key: string) {
    super(\`\${key} was not found\`)
    this.key = key
  }
}

export class Store${index} {
  readonly #entries = new Map<string, Entry>()
  #changes = 0

  get size(): number {
    return this.#entries.size
  }

  add(key: string, amount: number, at: number = Date.now()): void {
    const known = this.#entries.get(key)
    this.#entries.set(key, { key, amount: (known?.amount ?? 0) + amount, at })
    this.#changes += 1
  }

  find(key: string): Entry {
    const found = this.#entries.get(key)
    if (found === undefined) throw new NotFound${index}(key)
    return found
  }

  async load(keys: Iterable<string>): Promise<readonly Entry[]> {
    const loaded: Entry[] = []
    for (const key of keys) loaded.push(await Promise.resolve(this.find(key)))
    return loaded.filter(({ amount }) => amount > 0)
  }

  describe(): string {
    return \`\${this.#entries.size} entries, \${this.#changes} changes\`
  }
}

export const store = new Store${index}()
`
}

function helpers(): string {
  return `
const LIMIT = 100
const PATTERN = /^[a-z][a-z0-9-]*$/

export function toSlug(title: string): string {
  const words = title.toLowerCase().split(/\\s+/)
  return words.map((word) => word.replace(/[^a-z0-9]/g, '')).join('-')
}

export function isSlug(text: string): boolean {
  return text.length < LIMIT && PATTERN.test(text)
}

export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

export async function retry<T>(times: number, action: () => Promise<T>): Promise<T> {
  for (let left = times; ; left--) {
    try {
      return await action()
    } catch (error) {
      if (left <= 1) throw error
    }
  }
}

export const parse = (text: string): Record<string, string> =>
  Object.fromEntries(text.split('&').map((pair) => pair.split('=') as [string, string]))
`
}

function routes(index: number): string {
  return `
import { inspect } from 'node:util'

interface Request {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

type Handler = (request: Request) => string | Promise<string>

const handlers = new Map<string, Handler>()

export function route(path: string, handler: Handler): void {
  handlers.set(path, handler)
}

route('/${index}', ({ path }) => \`at \${path}\`)
route('/${index}/query', ({ query }) => inspect(query))
route('/${index}/all', async (request) => {
  const answers: string[] = []
  for (const [path, handler] of handlers) {
    if (path === request.path) continue
    answers.push(await handler({ ...request, path }))
  }
  return answers.join('\\n')
})

export const settings = {
  title: 'area ${index}',
  isPublic: ${index % 3 === 0},
  onError(error: unknown): string {
    return error instanceof Error ? error.message : String(error)
  },
}

export async function dispatch(request: Request): Promise<string> {
  const handler = handlers.get(request.path)
  if (handler === undefined) return 'not found'
  try {
    return await handler(request)
  } catch (error) {
    return settings.onError(error)
  }
}
`
}

function model(index: number): string {
  return `
export interface Item {
  readonly id: number
  readonly title: string
  readonly tags: readonly string[]
}

export const DEFAULTS: Item = { id: ${index}, title: 'untitled', tags: [] }

export const schema = {
  id: { type: 'number', required: true },
  title: { type: 'string', required: true, max: 200 },
  tags: { type: 'array', required: false },
} as const

export function validate(item: Partial<Item>): string[] {
  const problems: string[] = []
  if (typeof item.id !== 'number') problems.push('id is no number')
  if (item.title === undefined || item.title.length > schema.title.max) problems.push('title is missing or too long')
  return problems
}

export function toItem(input: Partial<Item>): Item {
  return { ...DEFAULTS, ...input }
}
`
}
