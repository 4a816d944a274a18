/** A server with a bit of everything that start-up can leave behind, in three modules. Its sources, by path. */
export const SERVER: Readonly<Record<string, string>> = {
  'config.ts': `export const settings = { greeting: 'one', tick: 1_000_000 }
export const features: string[] = []
features.push(settings.greeting)
export function enable(name: string): void {
  const entry = \`\${settings.greeting} \${name}\`
  features.push(entry)
}
`,
  'service.ts': `import { enable, settings } from './config.ts'

export class Base {
  static kinds = new Set<string>()
  readonly greeting = settings.greeting
  constructor() {
    const { name } = new.target
    Base.kinds.add(name)
  }
  hello(): string {
    return \`base \${this.greeting}\`
  }
}

export class Service extends Base {
  static registry = new Map<string, Service>()
  static #made = 0
  static label = \`Service \${settings.greeting}\`
  static {
    enable('service')
    Service.label += '!'
  }
  readonly key: string
  #secret = settings.greeting
  constructor(key: string) {
    super()
    this.key = key
    this.#secret += \` secret of \${key}\`
    Service.#made++
    Service.registry.set(key, this)
  }
  override hello(): string {
    return \`\${super.hello()} of \${this.key}\`
  }
  reveal(): string {
    return this.#secret
  }
  static get made(): number {
    return Service.#made
  }
}

export const users = new Service('users')
`,
  'server.ts': `import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { enable, features, settings } from './config.ts'
import { Base, Service, users } from './service.ts'

type Handler = () => unknown

export const bus = new EventEmitter()
const routes = new Map<string, Handler>()
export let phase = 'new'
const seen = new Map<string, number>()
const orders = new Service('orders')
const timers: NodeJS.Timeout[] = []

function route(path: string, handler: Handler): void {
  if (routes.has(path)) throw new Error(\`\${path} is taken\`)
  routes.set(path, handler)
}
function onSignal(): void {
  seen.set('signal', 1)
}
route('/users', () => users.hello())
route('/orders', () => \`\${orders.hello()} \${orders.reveal()}\`)
bus.on('order', () => seen.set('order', (seen.get('order') ?? 0) + 1))
timers.push(setInterval(() => bus.emit('order'), settings.tick))
process.on('SIGUSR2', onSignal)

const server: Server = createServer((request, response) => {
  const handler = routes.get(String(request.url))
  response.end(JSON.stringify(handler?.()))
})
async function warmUp(name: string): Promise<void> {
  await delay(1)
  enable(name)
  timers.push(setInterval(() => bus.emit(name), settings.tick))
}
async function main(): Promise<void> {
  phase = 'starting'
  await warmUp('cache')
  route('/phase', () => \`\${settings.greeting} \${phase}\`)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await warmUp('jobs')
  } finally {
    enable('jobs done')
  }
  phase = 'up'
}
await main()
const readiness = await Promise.resolve(\`\${settings.greeting} ready\`)
export const ready = readiness

export const probe = async () => {
  const answers: Record<string, unknown> = {}
  for (const path of ['/users', '/orders', '/phase']) {
    const { port } = server.address() as AddressInfo
    const response = await fetch(\`http://127.0.0.1:\${port}\${path}\`, { headers: { connection: 'close' } })
    answers[path] = await response.json()
  }
  return {
    answers,
    features: [...features],
    kinds: [...Base.kinds],
    registry: [...Service.registry.keys()],
    label: Service.label,
    made: Service.made,
    reveal: users.reveal(),
    isService: [users, orders].every((one) => one instanceof Service && one instanceof Base),
    isIn: [...Service.registry.values()].every((one) => one === users || one === orders),
    ready,
    phase,
    routes: routes.size,
    timers: timers.length,
    listeners: bus.listenerCount('order'),
  }
}
export const retained = () => ({ users, orders, bus, routes, server, seen, timers, registry: Service.registry, features, Base, Service })
export const port = (): number => (server.address() as AddressInfo).port
export const count = () => {
  bus.emit('order')
  return seen.get('order')
}
export const stop = async () => {
  for (const timer of timers) clearInterval(timer)
  process.off('SIGUSR2', onSignal)
  await new Promise((resolve) => server.close(resolve))
}
`,
}

/** The edit that makes nearly all of it run again. */
export const EDIT = ["greeting: 'one'", "greeting: 'two'"] as const
