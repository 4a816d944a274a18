import { existsSync, realpathSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createDebug } from 'obug'
import { createServerModuleRunner, isRunnableDevEnvironment, normalizePath } from 'vite'
import { findLostSaves } from '../../plugin/lost-saves.ts'
import { readWritten } from '../../plugin/written-file.ts'
import { notRunnable, refuse } from '../command-error.ts'
import type { Task } from '../messages.ts'
import { adoptConnection } from './connection-internals.ts'
import { EntryEvaluator } from './entry-evaluator.ts'
import { tellOfFailures } from './failures.ts'
import { closeInspector, openInspector } from './inspector.ts'
import { type Handle, ListeningHandles } from './listening-handles.ts'
import { whenOutdated } from './outdated.ts'
import { retireServers } from './retirement.ts'
import { openSupervisorChannel } from './supervisor-channel.ts'
import { update } from './update.ts'
import { createViteServer } from './vite-server.ts'
import { nextSave } from './waiting.ts'

const debug = createDebug('hot-node:watch')

// The process that runs the server: Vite, the module runner, and the program in it.
const begun = Date.now()
const task = JSON.parse(process.argv[2] ?? '') as Task
process.argv.splice(1, Infinity, task.entry, ...task.args)
const supervisor = openSupervisorChannel()
const failures = tellOfFailures(supervisor)
const handles = new ListeningHandles()
handles.watch()
const letGo = supervisor.hold()
/** Resolved when the entry has been evaluated and listens. */
let beReady: () => void = () => undefined
const ready = new Promise<void>((resolve) => (beReady = resolve))
const word = new Promise<void>((resolve) => {
  supervisor.onMessage((message, handle) => {
    if (message.kind === 'start') resolve()
    else if (message.kind === 'inherit') handles.inherit(message.place, handle as Handle)
    else if (message.kind === 'adopt') void ready.then(() => adopt(message.port, handle as Handle))
  })
})

/** Makes Vite, runs the entry when it is time, and tells the supervisor. */
async function run(): Promise<void> {
  const vite = await createViteServer(task)
  const { ssr } = vite.environments
  if (!isRunnableDevEnvironment(ssr)) throw notRunnable()
  const evaluator = new EntryEvaluator(normalizePath(realpathSync(task.entry)), task.inspector?.waits === true)
  // It would say that it is connected.
  const logger = { debug: () => undefined, error: (error: unknown) => ssr.logger.error(String(error)) }
  const runner = createServerModuleRunner(ssr, { evaluator, hmr: { logger } })
  whenOutdated(vite, task, (file) => supervisor.send({ kind: 'outdated', ...(file !== undefined && { file }) }))
  supervisor.onMessage(({ kind }) => {
    if (kind === 'lend') lend()
    else if (kind === 'carry-on' && task.inspector) openInspector({ ...task.inspector, waits: false })
    else if (kind === 'update') void update(vite)
    else if (kind === 'retire') void retire(() => vite.watcher.close())
  })

  supervisor.send({ kind: 'booted' })
  if (task.startsOn === 'word') await word
  else if (task.startsOn === 'save') {
    const file = await nextSave(vite, task, begun, () => supervisor.send({ kind: 'waiting' }))
    supervisor.send({ kind: 'saved', file })
    await readWritten(file)
  }
  letGo()
  if (task.inspector) openInspector(task.inspector)
  failures.begin(task.entry)
  try {
    await runner.import(task.entry)
  } catch (error) {
    return failures.throwUncaught(error)
  }
  failures.settle()
  // Virtual modules are no files, and packages are not watched.
  const isWatched = (file: string): boolean => !file.includes('/node_modules/') && existsSync(file)
  const files = [...ssr.moduleGraph.fileToModulesMap.keys()].filter(isWatched)
  const save = (file: string): void => void vite.watcher.emit('change', file)
  findLostSaves(vite, files, begun, save, () => debug('%i files are watched', files.length))
  await handles.allTaken()
  beReady()
  supervisor.send({ kind: 'ready' })
}

function lend(): void {
  closeInspector()
  const lent = handles.lend()
  for (const { place, handle } of lent) supervisor.send({ kind: 'lent', place }, handle)
  supervisor.send({ kind: 'lent-all', count: lent.length })
}

function adopt(port: number, handle: Handle): void {
  const server = handles.servers.find((one) => (one.address() as AddressInfo | null)?.port === port)
  if (server) adoptConnection(server, handle)
  else handle.close()
}

/** Another process serves. What is under way ends, and what is saved is no longer this one's business. */
async function retire(stopWatching: () => Promise<void>): Promise<void> {
  // It ends when it is told to: what it has to say and to give away takes its time.
  supervisor.hold()
  void stopWatching()
  const drained = retireServers(handles.servers, (port, { handle, release }) =>
    supervisor.send({ kind: 'moved', port }, handle, release),
  )
  supervisor.send({ kind: 'retired' })
  await drained
  supervisor.send({ kind: 'drained' })
}

run().catch((error: unknown) => {
  letGo()
  refuse(error)
  process.exit(1)
})
