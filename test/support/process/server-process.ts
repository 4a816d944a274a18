import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import { HOT_NODE } from './command.ts'
import { OutputLog } from './output-log.ts'
import { Project } from './project.ts'
import { type Reply, request } from './request.ts'

/** What runs a server's modules. */
export type HostName = 'vite-node' | 'module runner' | 'worker thread' | 'hot-node' | 'own runner' | 'own environment'

const MAIN_HOSTS: readonly HostName[] = ['vite-node', 'module runner', 'worker thread', 'hot-node']

/** On which of them tests are told: all, unless `HOSTS` names some. */
export const HOSTS: readonly HostName[] = process.env.HOSTS?.split(',').map(toHost) ?? MAIN_HOSTS

/** With those that differ from a module runner by who made it, and in which environment. */
export const ALL_HOSTS: readonly HostName[] = [...HOSTS, 'own runner', 'own environment']

function toHost(name: string): HostName {
  const host = MAIN_HOSTS.find((one) => one === name)
  if (!host) throw new Error(`HOSTS names ${name}, which is none of ${MAIN_HOSTS.join(', ')}.`)
  return host
}

const MODULE_RUNNER = path.join(import.meta.dirname, 'module-runner.mjs')

/** What Node is told to run, for each host. */
const COMMANDS: Readonly<Record<HostName, readonly string[]>> = {
  'vite-node': [path.resolve(import.meta.dirname, '../../../node_modules/vite-node/dist/cli.mjs'), '--watch'],
  'module runner': [MODULE_RUNNER],
  'own runner': [MODULE_RUNNER, '--own'],
  'own environment': [MODULE_RUNNER, '--environment', 'api'],
  'worker thread': [path.join(import.meta.dirname, 'worker-runner.mjs')],
  'hot-node': [HOT_NODE],
}

/** A playground's copy, served in a process of its own: by `vite-node --watch`, unless another host is asked for. */
export interface ServerProcess {
  readonly pid: number
  /** `http://127.0.0.1:PORT`, as the server printed it first. */
  readonly url: string
  readonly project: Project
  readonly log: OutputLog
  get(path: string): Promise<Reply>
  post(path: string, body: object): Promise<Reply>
  /** Saves files in one instant of the server's, which is stopped meanwhile: a busy machine may leave it time in between. */
  saveTogether(files: Iterable<readonly [file: string, text: string]>): void
}

/** Starts Node with the log of what it prints. The process is ended, by its own pid, when the test is over. */
export function spawnNode(
  args: readonly string[],
  cwd: string,
  variables: NodeJS.ProcessEnv = {},
): { child: ChildProcess; log: OutputLog } {
  const log = new OutputLog()
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...environment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => log.append('stdout', chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => log.append('stderr', chunk))
  child.on('error', (error) => log.end(`the process could not be started: ${error.message}`))
  child.on('close', (code, signal) => log.end(`the process ended with ${signal ?? `code ${code}`}`))

  onTestFailed(() => console.error(`What ${args.at(-1)} in ${path.basename(cwd)} printed:\n${log}`))
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  })
  return { child, log }
}

/**
 * Copies a playground and starts it; resolves once it listens and its files are watched.
 *
 * @param host What runs its modules.
 * @param cwd Where it is started, if not in the copy.
 * @param prepare Edits the copy before the start.
 * @param install Brings packages into the copy before the start.
 * @param whileStarting Called once the process runs, before it is known to listen.
 * @param nodeOptions Options of Node itself.
 * @param variables Of its environment, beside those that all have.
 */
export async function startServer(
  playground: string,
  {
    host = 'vite-node',
    cwd,
    prepare,
    install,
    whileStarting,
    nodeOptions = [],
    variables,
  }: {
    host?: HostName
    cwd?: string
    prepare?: (project: Project) => void
    install?: (project: Project) => Promise<void>
    whileStarting?: (starting: { project: Project; log: OutputLog }) => Promise<void>
    nodeOptions?: readonly string[]
    variables?: NodeJS.ProcessEnv
  } = {},
): Promise<ServerProcess> {
  const project = Project.copyOf(playground)
  onTestFinished(() => project.remove())
  prepare?.(project)
  await install?.(project)

  // Vite-node and the script say that files are watched because of another variable.
  const DEBUG = [variables?.DEBUG, host === 'hot-node' && 'hot-node:watch'].filter(Boolean).join(',')
  const { child, log } = spawnNode([...nodeOptions, ...COMMANDS[host], 'server.ts'], cwd ?? project.root, {
    ...variables,
    DEBUG,
  })
  await whileStarting?.({ project, log })
  const url = await waitUntilReady(log)
  const { pid } = child
  if (pid === undefined) throw new Error('A process that listens has a pid.')
  /** A request that fails says why: what became of the process, and what it printed. */
  const explain = (error: Error): never => {
    const state = log.ended ?? 'the process lives'
    throw new Error(`${error.message} By then ${state}. The whole log:\n${log}\n`, { cause: error.cause })
  }

  return {
    pid,
    url,
    project,
    log,
    get: (pathname) => request(url + pathname).catch(explain),
    post: (pathname, body) => request(url + pathname, body).catch(explain),
    saveTogether: (files) => {
      process.kill(pid, 'SIGSTOP')
      try {
        for (const [file, text] of files) project.save(file, text)
      } finally {
        process.kill(pid, 'SIGCONT')
      }
    },
  }
}

/** Vite's watcher and the server say so in either order. */
async function waitUntilReady(log: OutputLog): Promise<string> {
  const either = /^(?:\[debug\] watcher is ready|.*hot-node:watch \d+ files are watched.*|listening on (http:\S+))$/
  const first = await log.waitForLine(either)
  const second = await log.waitForLine(either)
  const url = first[1] ?? second[1]
  if (url === undefined) throw new Error(`The server did not print where it listens:\n${log}`)
  return url
}

/** The variables of a developer's terminal, without those by which a tool could tell that Vitest is about. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, TMPDIR, PORT: '0', NO_COLOR: '1', VITE_TEST_WATCHER_DEBUG: '1' }
}
