import type { AppShape } from './app.ts'

/** Modules between the server and the deep module. */
export const CHAIN_LENGTH = 8

/** Extra modules in one folder. Vite's watcher reads all of the folder in which a file was saved, so this is no detail. */
const FOLDER_SIZE = 40

/** Children of an extra module. The extras form a tree, so that their number is exact and no module is huge. */
const FAN_OUT = 8

/** The module that is edited: ordinary code, of which one string changes. */
export function deepSource(version: number): string {
  return `interface Visit {
  readonly name: string
  readonly at: number
}

const limit = 100
const visits: Visit[] = []

export class Greeter {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  greet(): string {
    return \`\${message()}, \${this.#name}\`
  }
}

export function remember(name: string, at: number = Date.now()): void {
  visits.push({ name, at })
  if (visits.length > limit) visits.shift()
}

export async function recent(count: number): Promise<readonly string[]> {
  return visits.slice(-count).map((visit) => new Greeter(visit.name).greet())
}

export function message(): string {
  return 'version ${version}'
}
`
}

export function linkSource(link: number): string {
  if (link === CHAIN_LENGTH) {
    return `import { message } from './deep.ts'

export function answer(): string {
  return message()
}
`
  }
  return `import { answer as next } from './link-${link + 1}.ts'

export function answer(): string {
  return next()
}
`
}

/** Where an extra module lies, seen from the app's folder, without an extension. */
export function extraPath(extra: number): string {
  return `src/area-${Math.floor(extra / FOLDER_SIZE)}/extra-${extra}`
}

/** The extra module number `extra` of `extras`. With `sharing` it uses the deep module, as all modules use a logger. */
export function extraSource(extra: number, extras: number, sharing: boolean): string {
  const first = extra * FAN_OUT + 1
  const children = Array.from({ length: FAN_OUT }, (_, index) => first + index).filter((child) => child < extras)
  const imports = children.map((child) => `import { size as size${child} } from '../../${extraPath(child)}.ts'`)
  if (sharing) imports.push(`import { message } from '../chain/deep.ts'`)
  return `${imports.join('\n')}

export class Store {
  readonly #items = new Map<string, number>()

  add(key: string, amount: number): void {
    this.#items.set(key, (this.#items.get(key) ?? 0) + amount)
  }

  describe(): string {
    return \`${extra}: \${this.#items.size} items\`${sharing ? ' + message()' : ''}
  }
}

export const store = new Store()

export function size(): number {
  return [1${children.map((child) => `, size${child}()`).join('')}].reduce((sum, each) => sum + each)
}
`
}

/** Answers with what the deep module says, and with what shows whether process and state were kept. */
export function serverSource(shape: AppShape, hasExtras: boolean): string {
  return `import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer } from './src/chain/link-1.ts'
${hasExtras ? `import { size } from './${extraPath(0)}.ts'\n` : ''}
let hits = 0

const server = createServer((request, response) => {
  hits += 1
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ text: answer(), pid: process.pid, hits${shape === 'floor' ? FLOOR_ANSWER : ''} }))
})

server.listen(0, '127.0.0.1', () => {
  console.log(\`listening \${(server.address() as AddressInfo).port}\`)
})
${hasExtras ? `\nif (process.argv.includes('--count')) console.log(size())\n` : ''}`
}

const FLOOR_ANSWER = ', ...(globalThis as { floor?: object }).floor'

export function configSource(shape: AppShape): string {
  return shape === 'hot-node' ? HOT_NODE_CONFIG : FLOOR_CONFIG
}

const HOT_NODE_CONFIG = `import { hotNode } from 'vite-plugin-hot-node'

export default { plugins: [hotNode()] }
`

/** Transforms the saved module and says when that began and how long it took, but replaces no code. */
const FLOOR_CONFIG = `export default {
  plugins: [
    {
      name: 'bench:floor',
      async hotUpdate({ modules }) {
        const [saved] = modules
        if (this.environment.name !== 'ssr' || saved === undefined) return []
        const started = performance.now()
        const { code } = await this.environment.transformRequest(saved.url)
        globalThis.floor = {
          text: /version \\d+/.exec(code)?.[0],
          noticedAt: performance.timeOrigin + started,
          transformMs: performance.now() - started,
        }
        return []
      },
    },
  ],
}
`
