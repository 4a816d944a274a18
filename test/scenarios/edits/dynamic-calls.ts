import { patch, rerun, type Row } from '../../support/story/row.ts'

/** Ways to give a package's object to one's own code that cannot be read off the text. */
const WAYS: Readonly<Record<string, string>> = {
  'what a dynamic import gave': `;(await import('./routes/a.ts')).register(app)`,
  'loaders of a glob': `
    for (const load of Object.values(import.meta.glob<Route>('./routes/*.ts'))) { const m = await load(); m.register(app) }`,
  'loaders of a glob, in a function': `
    async function setup() {
      for (const load of Object.values(import.meta.glob<Route>('./routes/*.ts'))) (await load()).register(app)
    }
    await setup()`,
  'loaders of a glob, all at once': `
    await Promise.all(Object.values(import.meta.glob<Route>('./routes/*.ts')).map(async (load) => (await load()).register(app)))`,
  'modules of a glob, one after the other': `
    Object.values(import.meta.glob<Route>('./routes/*.ts', { eager: true })).forEach((m) => m.register(app))`,
  'a callback of a dynamic import': `await import('./routes/a.ts').then((m) => m.register(app))`,
  'a method of each of a list': `
    import { Controller } from './routes/a.ts'
    const controllers = [new Controller()]
    controllers.forEach((controller) => controller.register(app))`,
  'what a function returned': `
    import { registrar } from './routes/a.ts'
    registrar('/more')(app)`,
  'an event': `
    import { EventEmitter } from 'node:events'
    import { register } from './routes/a.ts'
    const bus = new EventEmitter()
    bus.on('app', register)
    bus.emit('app', app)`,
  'a container': `
    import { Controller } from './routes/a.ts'
    const container = new Map<string, Controller>()
    container.set('a', new Controller())
    container.get('a')!.register(app)`,
}

export const dynamicCalls: readonly Row[] = Object.entries(WAYS).map(([name, way]) => ({
  name,
  files: {
    'routes/a.ts': `
      import type { Hono } from 'hono'
      const hits = new Map<string, number>()
      export function register(app: Hono) { app.get('/a', (c) => c.text('one')) }
      export class Controller { register(app: Hono) { register(app) } }
      export const registrar = (path: string) => (app: Hono) => { register(app); app.get(path, (c) => c.text('more')) }`,
  },
  server: `
    import { Hono } from 'hono'
    type Route = { register(app: Hono): void }
    const app = new Hono()
    const cache = new Map<string, number>()
    ${way}
    const ask = async (path: string) => (await app.request(path)).text()
    export const probe = async () => [await ask('/a'), await ask('/b')]
    export const retained = () => ({ app, cache })`,
  edits: [
    rerun({ 'routes/a.ts': ["'one'", "'two'"] }, { recreated: ['app'] }),
    rerun({ 'routes/a.ts': ["'/a'", "'/b'"] }, { recreated: ['app'] }),
    patch(["await ask('/b')]", "await ask('/b'), 'more']"]),
  ],
}))
