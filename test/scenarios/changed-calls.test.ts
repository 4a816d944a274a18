import { rerun, tell } from '../support/story/index.ts'

tell('what functions do at start-up no longer is taken back', [
  {
    name: 'a function no longer changes an array',
    server: `
      const routes: string[] = []
      const others = { all: 1 }
      function setup() { routes.push('/a') }
      setup()
      export const retained = () => ({ routes, others })
      export const probe = () => routes`,
    edits: [rerun(["routes.push('/a')", ''], { recreated: ['routes'] })],
  },
  {
    name: 'a function no longer calls one that does',
    server: `
      const routes: string[] = []
      const others = { all: 1 }
      function add() { routes.push('/a') }
      function setup() { add() }
      setup()
      export const retained = () => ({ routes, others })
      export const probe = () => routes`,
    edits: [rerun(['{ add() }', '{}'], { recreated: ['routes'] })],
  },
  {
    name: 'a barrel passes on another function of that name',
    files: {
      'routes.ts': `export const routes: string[] = []\n export const limits: string[] = []`,
      'one.ts': `import { routes } from './routes.ts'\n export const setup = () => { routes.push('/a') }`,
      'two.ts': `import { limits } from './routes.ts'\n export const setup = () => { limits.push('few') }`,
      'barrel.ts': `export { setup } from './one.ts'`,
    },
    server: `
      import { routes, limits } from './routes.ts'
      import { setup } from './barrel.ts'
      setup()
      export const probe = () => [routes, limits]`,
    edits: [rerun({ 'barrel.ts': ['one.ts', 'two.ts'] })],
  },
])

tell('what functions come to do at start-up is done in the order of a start', [
  {
    name: 'a new statement calls a function that never ran',
    server: `
      const routes: string[] = []
      const others = { all: 1 }
      function add() { routes.push('/a') }
      routes.push('/b')
      export const retained = () => ({ routes, others })
      export const probe = () => routes`,
    edits: [rerun(["routes.push('/b')", "add()\nroutes.push('/b')"], { recreated: ['routes'] })],
  },
  {
    name: 'one that never ran, and nothing of the kind comes after it: what is there stays',
    server: `
      const routes: string[] = []
      function add() { routes.push('/b') }
      routes.push('/a')
      export const retained = () => ({ routes })
      export const probe = () => routes`,
    edits: [rerun(["routes.push('/a')", "routes.push('/a')\nadd()"])],
  },
  {
    name: 'one that never ran, and changes a second array of which nothing else is known: that has it once',
    server: `
      const routes: string[] = []
      const names: string[] = []
      function add() { routes.push('/a'); names.push('a') }
      routes.push('/b')
      export const retained = () => ({ routes })
      export const probe = () => [routes, names]`,
    edits: [rerun(["routes.push('/b')", "add()\nroutes.push('/b')"], { recreated: ['routes'] })],
  },
  {
    name: 'a changed function calls one that never ran, after it has waited',
    server: `
      const routes: string[] = []
      async function add() { await null; routes.push('/a') }
      async function setup() {}
      await setup()
      routes.push('/b')
      export const retained = () => ({ routes })
      export const probe = () => routes`,
    edits: [rerun(['setup() {}', 'setup() { await add() }'], { recreated: ['routes'] })],
  },
  {
    name: 'a changed method calls another',
    server: `
      const routes: string[] = []
      class Service { start() {} add() { routes.push('/a') } }
      const service = new Service()
      service.start()
      routes.push('/b')
      export const retained = () => ({ routes })
      export const probe = () => routes`,
    edits: [rerun(['start() {}', 'start() { this.add() }'], { recreated: ['routes'] })],
  },
  {
    name: 'a function in another module that never ran, in what makes a server listen',
    files: {
      'routes.ts': `
        export const routes: string[] = []
        export const add = () => { routes.push('/a') }`,
    },
    server: `
      import { createServer } from 'node:http'
      import { once } from 'node:events'
      import type { AddressInfo } from 'node:net'
      import { add, routes } from './routes.ts'
      async function main() {
        const server = createServer((_, response) => response.end(routes.join()))
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        return server
      }
      const server = await main()
      routes.push('/b')
      const port = () => (server.address() as AddressInfo).port
      export const probe = async () => (await fetch(\`http://127.0.0.1:\${port()}\`)).text()
      export const stop = () => server.close()`,
    edits: [rerun(['const server = createServer', 'add()\nconst server = createServer'])],
  },
])
