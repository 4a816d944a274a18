// Stands beside hotNode() in the hot server's process and tells the replay, over a socket, what the plugin does. The
// replay says which files a checkout is about to change; the answer comes when all of them have been handed to the plugin
// and its updates are over, with what they came to. One JSON document a line, see `listening-post.ts`.
import { connect } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** Vite's server, of which a changed Vite config makes a new one. @type {import('vite').ViteDevServer | undefined} */
let server
/** To the replay. @type {import('node:net').Socket | undefined} */
let socket

/** What a checkout is to change and Vite has not handed over yet; whether it is deleted. @type {Map<string, boolean>} */
const expected = new Map()
/** A config or `.env` is among it: Vite starts a new server. */
let isRestartExpected = false
/** What updates came to since the replay last asked. @type {object[]} */
let outcomes = []
/** Set while the replay waits. @type {(() => void) | undefined} */
let check

/** @returns {import('vite').Plugin} */
export function listener() {
  return {
    name: 'hot-node-replay',
    // After hotNode(), which then has been told of the file.
    enforce: 'post',
    apply: 'serve',
    configureServer(created) {
      socket ??= open()
      server = created
      isRestartExpected = false
      api()?.onOutcome((outcome) => outcomes.push(outcome))
      whenWatching(created.watcher, () => tell({ kind: 'watching' }))
      check?.()
    },
    hotUpdate: {
      order: 'post',
      handler({ type, file }) {
        if (this.environment.config.consumer !== 'server') return
        if (expected.get(file) === (type === 'delete')) expected.delete(file)
        check?.()
      },
    },
  }
}

/** What hotNode() offers. @returns {{ onOutcome(listener: (outcome: object) => void): void, settled(): Promise<void> } | undefined} */
function api() {
  return server?.config.plugins.find(({ name }) => name === 'hot-node')?.api
}

function open() {
  const opened = connect(Number(process.env.HOT_NODE_REPLAY), '127.0.0.1')
  // The server's process ends when the server does.
  opened.unref()
  const lines = createInterface(opened)
  for (const emitter of [opened, lines]) emitter.on('error', () => undefined)
  lines.on('line', (line) => void hear(JSON.parse(line)))
  return opened
}

/** @param {object} message */
function tell(message) {
  socket?.write(`${JSON.stringify(message)}\n`)
}

/**
 * @param {{ kind: 'expect', files: { file: string, isDeleted: boolean }[] } | { kind: 'wait' } | { kind: 'give-up' }} message
 */
async function hear(message) {
  switch (message.kind) {
    case 'expect':
      expect(message.files)
      tell({ kind: 'expecting' })
      return
    case 'wait':
      await new Promise((resolve) => {
        check = () => {
          if (expected.size === 0 && !isRestartExpected) resolve(undefined)
        }
        check()
      })
      return settle()
    case 'give-up':
      return settle()
  }
}

async function settle() {
  check = undefined
  await api()?.settled()
  const untold = [...expected.keys(), ...(isRestartExpected ? ['a new Vite server'] : [])]
  expected.clear()
  isRestartExpected = false
  tell({ kind: 'settled', outcomes: outcomes.splice(0), untold })
}

/** @param {{ file: string, isDeleted: boolean }[]} files */
function expect(files) {
  expected.clear()
  outcomes = []
  if (!server) return
  const { config, watcher } = server
  const watched = watcher.getWatched()
  // Those that Vite reads, and not an example.
  const envFiles = new Set(['', '.local', `.${config.mode}`, `.${config.mode}.local`].map((end) => `.env${end}`))
  for (const { file, isDeleted } of files) {
    const isEnv = path.dirname(file) === config.envDir && envFiles.has(path.basename(file))
    if (file === config.configFile || config.configFileDependencies.includes(file) || isEnv) isRestartExpected = true
    else if (watched[path.dirname(file)]?.includes(path.basename(file))) expected.set(file, isDeleted)
    else if (!isDeleted && file.startsWith(`${config.root}/`) && !/\/(?:node_modules|\.git)\//.test(file))
      expected.set(file, false)
  }
}

/**
 * @param {import('vite').FSWatcher} watcher
 * @param {() => void} act
 */
function whenWatching(watcher, act) {
  // It may have come before anybody could listen: then only this field of chokidar 3 tells.
  if (Reflect.get(watcher, '_readyEmitted')) act()
  else watcher.once('ready', act)
}
