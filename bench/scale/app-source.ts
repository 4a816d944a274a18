import { modulePath } from './module-source.ts'

/** The module that is edited: one function that only requests call, and one value that another module was made with. */
export const EDITED = 'src/edited/message.ts'

export function editedSource(message: number, size: number): string {
  return `export const SIZE = ${size}

export function message(): string {
  return 'message ${message}'
}
`
}

/** What was made at start-up with a value of the edited module. */
export const POOL = 'src/edited/pool.ts'

export const POOL_SOURCE = `import { SIZE } from './message.ts'

export const pool = { size: SIZE, free: Array.from({ length: 10 }, (_, id) => ({ id })) }
`

/** Holds so many MiB, as many small objects: what a collection of the heap has to walk. */
const HELD_SOURCE = `interface Held {
  readonly id: number
  readonly text: string
  readonly next: Held | undefined
}

/** Bytes that one of them takes: three fields, and a string of its own. */
const BYTES = 80

export function hold(mib: number): readonly Held[] {
  const held: Held[] = []
  for (let id = 0; id < (mib * 1024 * 1024) / BYTES; id++) held.push({ id, text: \`held \${id}\`, next: held[id - 1] })
  return held
}
`

export const HELD = 'src/edited/held.ts'

export function heldSource(): string {
  return HELD_SOURCE
}

/**
 * Answers what its modules say, and passes other paths to what the config has put on `globalThis`, which no edit of the
 * app concerns.
 */
export function serverSource(heapMib: number): string {
  return `import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sum } from './${modulePath(0)}'
import { message } from './${EDITED}'
import { hold } from './${HELD}'
import { pool } from './${POOL}'

const held = hold(${heapMib})
const { probe } = globalThis as unknown as { probe: (path: string) => Promise<object> }

const server = createServer((request, response) => {
  const path = request.url ?? '/'
  const answer = { message: message(), size: pool.size, sum: sum(), held: held.length }
  void (path === '/' ? Promise.resolve(answer) : probe(path)).then((body) => response.end(JSON.stringify(body)))
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  void probe('/listening')
  console.log(\`listening \${port}\`)
})
`
}

/** Where an app's Vite keeps what the next start may use: in its own folder, and nobody else's. */
export const CACHE = '.vite'

/** The Vite config of an app. `probe.ts` beside it is the file of this folder. */
export function configSource(isHot: boolean): string {
  return isHot
    ? `import { hotNode } from 'vite-plugin-hot-node'
import { probe } from './probe.ts'

export default { cacheDir: '${CACHE}', plugins: [probe(), hotNode({ logLevel: 'error' })] }
`
    : `import { probe } from './probe.ts'

export default { plugins: [probe()] }
`
}
