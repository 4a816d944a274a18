import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from '../latency/app.ts'
import { VITE_NODE } from '../support/commands.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { MeasuredProcess } from './measured-process.ts'

/** Something that is edited, and measures what comes of it. */
export interface Lane {
  readonly app: App
  readonly process: MeasuredProcess
}

/** `vite-node --watch` with `hotNode()`, which tells how long the parts of an update took. */
export async function startHotNode(modules: number): Promise<Lane> {
  const app = createApp('update-hot-node', modules)
  writeFileSync(join(app.folder, 'vite.config.ts'), CONFIG)
  writeFileSync(join(app.folder, app.entry), ENTRY)
  const env = { DEBUG: 'hot-node:timing' }
  return { app, process: await MeasuredProcess.start(VITE_NODE, ['--watch', app.entry], { cwd: app.folder, env }) }
}

/** A process that does the least there is to do. */
export async function startFloor(): Promise<Lane> {
  const app = createApp('update-floor', 10)
  const script = join(import.meta.dirname, 'floor.ts')
  const file = join(app.folder, 'src/chain/deep.ts')
  const options = { cwd: join(import.meta.dirname, '../..'), execArgv: ['--import', 'tsx'] }
  return { app, process: await MeasuredProcess.start(script, [file], options) }
}

function createApp(name: string, modules: number): App {
  return App.create(createTempFolder(name), 'hot-node', { modules, sharing: false })
}

/** The answer goes through all modules, as a request's would. */
const ENTRY = `import { answer } from './src/chain/link-1.ts'

Object.assign(globalThis, { says: () => answer() })
setInterval(() => undefined, 1_000_000)
process.send('ready')
`

const CONFIG = `import { hotNode } from 'vite-plugin-hot-node'

export default {
  plugins: [
    hotNode(),
    {
      name: 'bench:update',
      configureServer(server) {
        const { api } = server.config.plugins.find(({ name }) => name === 'hot-node')
        api.onTiming((timing) => {
          const { user, system } = process.cpuUsage()
          process.send({ ...timing, processor: (user + system) / 1000, says: globalThis.says() })
        })
      },
    },
  ],
}
`
