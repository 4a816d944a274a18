// `npm run playground [http|hono|express|fastify|ssr]`: the server as its developer would run it, with `vite-node --watch`,
// or in front of Vite.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Per playground: the file to edit, and where the edit shows. */
const PLAYGROUNDS = {
  http: ['src/services/room.ts', 'the text that Room.summary() returns, then reload /'],
  hono: ['src/routes/todos.ts', 'what the first handler answers, then reload /todos'],
  express: ['src/services/shortener.ts', 'the text that Shortener.describe() returns, then reload /links'],
  fastify: ['src/routes/products.ts', 'what present() returns, then reload /products'],
  ssr: ['src/station.ts', 'how warm measure() makes it, and look at the page in a browser'],
}

const name = process.argv[2] ?? 'hono'
const playground = PLAYGROUNDS[name]
if (!playground) {
  console.error(`There is no playground '${name}'. Choose one of ${Object.keys(PLAYGROUNDS).join(', ')}.`)
  process.exit(1)
}

const [file, what] = playground
console.log(`Edit playground/${name}/${file}: change ${what}. The process goes on, and so does its state.`)
if (name !== 'ssr')
  console.log(`Edit playground/${name}/server.ts: add a route. Only the app is made again; the port stays open.`)

const viteNode = fileURLToPath(new URL('../node_modules/vite-node/dist/cli.mjs', import.meta.url))
const cwd = fileURLToPath(new URL(name, import.meta.url))
const command = name === 'ssr' ? ['server.mjs'] : [viteNode, '--watch', 'server.ts']
const child = spawn(process.execPath, command, { cwd, stdio: 'inherit' })

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)))
