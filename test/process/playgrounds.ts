import type { ServerProcess } from '../support/process/index.ts'

/** An edit, and a GET that shows whether the process runs it. Both answers are parts of the response's text. */
export interface VisibleEdit {
  readonly file: string
  readonly from: string
  readonly to: string
  /** What the log line calls that which was edited. */
  readonly label: RegExp
  readonly path: string
  readonly before: string
  readonly after: string
}

/** Where a playground has what every playground has. The tests loop over these and know no playground by name. */
export interface PlaygroundAxis {
  readonly name: 'http' | 'hono' | 'express' | 'fastify'
  /** A POST that the in-memory store remembers. */
  readonly remember: { readonly path: string; readonly body: object }
  /** A member of `/status` that counts what is remembered. */
  readonly remembered: string
  /** The body of a request handler. */
  readonly handler: VisibleEdit
  /** A method of a class whose one instance was made at start-up. */
  readonly method: VisibleEdit
  /** A route added to `server.ts`. */
  readonly entryRoute: VisibleEdit
  /** May follow `entryRoute.from`: prints `slow began`, waits for SIGUSR2, answers `the old code`. */
  readonly slowRoute: string
  /** A route added to a file in `src/routes`. */
  readonly moduleRoute: VisibleEdit
  /** The file with `const …_MS = 100`, the interval of the one timer. */
  readonly timerFile: string
  /** The object whose method starts the timer holds the tick count, so it is made again, and counts anew, with it. */
  readonly timerOwnsTicks: boolean
}

const WAIT = `const go = new Promise((resolve) => process.once('SIGUSR2', resolve)); console.log('slow began'); await go;`

export const PLAYGROUNDS: readonly PlaygroundAxis[] = [
  {
    name: 'http',
    remember: { path: '/rooms/lobby', body: { author: 'Ada', text: 'good morning' } },
    remembered: 'messages',
    handler: {
      file: 'src/routes/rooms.ts',
      from: 'return { name: room.name, history',
      to: 'return { title: room.name, history',
      label: /showRoom\(\)/,
      path: '/rooms/lobby',
      before: '"name":"lobby"',
      after: '"title":"lobby"',
    },
    method: {
      file: 'src/services/room.ts',
      from: '${this.history.length} messages`',
      to: '${this.history.length} things said`',
      label: /Room\.summary\(\)/,
      path: '/rooms',
      before: 'lobby: 1 messages',
      after: 'lobby: 1 things said',
    },
    entryRoute: {
      file: 'server.ts',
      from: '\nstatusRoutes(router)\n',
      to: `\nstatusRoutes(router)\nrouter.get('/about', () => ({ about: 'the chat' }))\n`,
      label: /router/,
      path: '/about',
      before: 'nothing at',
      after: 'the chat',
    },
    slowRoute: `router.get('/slow', async () => { ${WAIT} return 'the old code' })\n`,
    moduleRoute: {
      file: 'src/routes/rooms.ts',
      from: `  router.get('/rooms/:room', showRoom)\n`,
      to: `  router.get('/rooms/count', () => ({ count: allRooms().length }))\n  router.get('/rooms/:room', showRoom)\n`,
      label: /router/,
      path: '/rooms/count',
      before: '"name":"count"',
      after: '{"count":',
    },
    timerFile: 'src/heartbeat.ts',
    timerOwnsTicks: false,
  },
  {
    name: 'hono',
    remember: { path: '/todos', body: { title: 'keep the state' } },
    remembered: 'todos',
    handler: {
      file: 'src/routes/todos.ts',
      from: '{ summary: todos.summary(), ',
      to: '{ headline: todos.summary(), ',
      label: /todoRoutes\.get\(/,
      path: '/todos',
      before: '"summary":"2 of 3',
      after: '"headline":"2 of 3',
    },
    method: {
      file: 'src/services/todos.ts',
      from: '${this.size} to do,',
      to: '${this.size} still open,',
      label: /TodoList\.summary\(\)/,
      path: '/todos',
      before: '2 of 3 to do, 0 completed',
      after: '2 of 3 still open, 0 completed',
    },
    entryRoute: {
      file: 'server.ts',
      from: `app.route('/status', statusRoutes)\n`,
      to: `app.route('/status', statusRoutes)\napp.get('/about', (c) => c.json({ about: 'to-dos' }))\n`,
      label: /app/,
      path: '/about',
      before: 'nothing at',
      after: 'to-dos',
    },
    slowRoute: `app.get('/slow', async (c) => { ${WAIT} return c.text('the old code') })\n`,
    moduleRoute: {
      file: 'src/routes/todos.ts',
      from: `todoRoutes.get('/:id', (c) => {\n`,
      to: `todoRoutes.get('/count', (c) => c.json({ count: todos.size }))\n\ntodoRoutes.get('/:id', (c) => {\n`,
      label: /todoRoutes/,
      path: '/todos/count',
      before: 'no such to-do',
      after: '{"count":3}',
    },
    timerFile: 'src/reminders.ts',
    timerOwnsTicks: true,
  },
  {
    name: 'express',
    remember: { path: '/links', body: { target: 'https://example.org/' } },
    remembered: 'links',
    handler: {
      file: 'src/routes/links.ts',
      from: 'response.json({ links: ',
      to: 'response.json({ all: ',
      label: /LinkController\.list\(\)/,
      path: '/links',
      before: '{"links":[{"code":"0001"',
      after: '{"all":[{"code":"0001"',
    },
    method: {
      file: 'src/services/shortener.ts',
      from: ' leads to ',
      to: ' points at ',
      label: /Shortener\.describe\(\)/,
      path: '/links',
      before: '/to/0001 leads to',
      after: '/to/0001 points at',
    },
    entryRoute: {
      file: 'server.ts',
      from: `  app.use('/to', visitRoutes)\n`,
      to: `  app.use('/to', visitRoutes)\n  app.get('/about', (_request, response) => void response.json({ about: 'short links' }))\n`,
      label: /main\(\)/,
      path: '/about',
      before: 'Cannot GET',
      after: 'short links',
    },
    slowRoute: `  app.get('/slow', async (_request, response) => { ${WAIT} response.send('the old code') })\n`,
    moduleRoute: {
      file: 'src/routes/links.ts',
      from: `linkRoutes.get('/', controller.list.bind(controller))\n`,
      to:
        `linkRoutes.get('/', controller.list.bind(controller))\n` +
        `linkRoutes.get('/count', (_request, response) => void response.json({ count: shortener.all().length }))\n`,
      label: /linkRoutes/,
      path: '/links/count',
      before: 'Cannot GET',
      after: '{"count":1}',
    },
    timerFile: 'src/sweeper.ts',
    timerOwnsTicks: false,
  },
  {
    name: 'fastify',
    remember: { path: '/orders', body: { sku: 'mug', quantity: 10 } },
    remembered: 'orders',
    handler: {
      file: 'src/routes/products.ts',
      from: 'return { products: products.map',
      to: 'return { items: products.map',
      label: /listProducts\(\)/,
      path: '/products',
      before: '{"products":[',
      after: '{"items":[',
    },
    method: {
      file: 'src/services/pricing.ts',
      from: '`${(cents / 100).toFixed(2)} ${this.#currency}`',
      to: '`${this.#currency} ${(cents / 100).toFixed(2)}`',
      label: /Pricing\.format\(\)/,
      path: '/products',
      before: '9.00 EUR',
      after: 'EUR 9.00',
    },
    entryRoute: {
      file: 'server.ts',
      from: `app.register(statusRoutes, { prefix: '/status' })\n`,
      to: `app.register(statusRoutes, { prefix: '/status' })\napp.get('/about', async () => ({ about: 'the shop' }))\n`,
      label: /app/,
      path: '/about',
      before: 'not found',
      after: 'the shop',
    },
    slowRoute: `app.get('/slow', async () => { ${WAIT} return 'the old code' })\n`,
    moduleRoute: {
      file: 'src/routes/products.ts',
      from: `  app.get('/:sku', showProduct)\n`,
      to: `  app.get('/count', async () => ({ count: products.length }))\n  app.get('/:sku', showProduct)\n`,
      label: /app/,
      path: '/products/count',
      before: 'we do not sell that',
      after: '{"count":3}',
    },
    timerFile: 'src/restock.ts',
    timerOwnsTicks: false,
  },
]

/** What `/status` of every playground tells. */
export interface Status {
  readonly pid: number
  /** How often its timer has fired since the process started. */
  readonly ticks: number
  /** Active timers of the process that keep it alive. */
  readonly timers: number
  readonly [remembered: string]: unknown
}

export async function statusOf(server: ServerProcess): Promise<Status> {
  return (await server.get('/status')).json<Status>()
}
