import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Plugin } from 'vite'
import type { HotNodeOptions } from 'vite-plugin-hot-node'
import { onTestFinished } from 'vitest'
import type { Outcome } from '../../../src/protocol/outcome.ts'
import { type Answer, ask, type Exports } from './answer.ts'
import { type ColdOracle, type ColdStart, createColdOracle } from './cold.ts'
import { createHost, type Host, type HostName } from './hosts.ts'
import { createHotPlugins, type HotPlugins } from './hot-plugins.ts'
import { applyChange, type Change, type Changes } from './row.ts'
import { createDeliveryWitness, type DeliveryWitness } from './witness.ts'

export interface StoryOptions {
  readonly host: HostName
  /** Other people's plugins, made anew for the hot server and for the cold one. */
  readonly plugins?: (() => Plugin[]) | undefined
  readonly options?: HotNodeOptions
}

/** A file of a story. In a template it stands for the specifier by which its neighbours import it. */
export interface StoryFile {
  /** Relative to the story's folder. */
  readonly path: string
  toString(): string
}

const FOLDER = join(import.meta.dirname, '../../.tmp/stories')
const TSCONFIG = JSON.stringify({
  compilerOptions: { target: 'es2022', experimentalDecorators: true, emitDecoratorMetadata: true },
})
let stories = 0

/** Makes a folder, a hot server and a cold one, until the test is over. Files are given next, then {@link Story.start}. */
export async function createStory({ host: name, plugins, options }: StoryOptions): Promise<Story> {
  stories += 1
  const root = join(FOLDER, `${process.pid}-${process.env.VITEST_WORKER_ID ?? 0}-${stories}`)
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'tsconfig.json'), TSCONFIG)
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  installPackage(root)
  const witness = createDeliveryWitness()
  const hot = createHotPlugins(options)
  const [host, cold] = await Promise.all([
    createHost(name, root, [...hot.plugins, ...(plugins?.() ?? []), witness.plugin]),
    createColdOracle(root, plugins?.()),
  ])
  const story = new Story(root, { host, hot, witness, cold })
  onTestFinished(() => story.end())
  return story
}

/** Puts the package where npm would, for stories that import from it: hosts leave what is there to Node. */
function installPackage(root: string): void {
  const repository = join(import.meta.dirname, '../../..')
  const target = join(root, 'node_modules/vite-plugin-hot-node')
  mkdirSync(join(target, 'dist'), { recursive: true })
  for (const file of ['package.json', 'dist/inert.js']) copyFileSync(join(repository, file), join(target, file))
}

interface Parts {
  readonly host: Host
  readonly hot: HotPlugins
  readonly witness: DeliveryWitness
  readonly cold: ColdOracle
}

/** A server that is edited while it runs, beside copies started afresh from the same sources. */
export class Story {
  readonly root: string
  readonly #parts: Parts
  /** The running server's exports; set by {@link start}, and again when everything ran again. */
  #exports: Exports | undefined
  #entry: string | undefined
  #modules = 0

  constructor(root: string, parts: Parts) {
    this.root = root
    this.#parts = parts
  }

  /** Adds a TypeScript module before the start. */
  module(source: string, name?: string): StoryFile {
    this.#modules += 1
    return this.file(name ?? `module-${this.#modules}.ts`, source)
  }

  /** Adds a file of any kind before the start. */
  file(path: string, content: string | Uint8Array): StoryFile {
    this.#write(path, content)
    return { path, toString: () => JSON.stringify(`./${path}`) }
  }

  /** Runs the entry, and waits until the server is up. */
  async start(entry: StoryFile | string): Promise<void> {
    this.#entry = this.#absolute(toPath(entry))
    this.#exports = await this.#parts.host.import(this.#entry)
    await setImmediate()
    await this.#parts.hot.settled()
  }

  edit(file: StoryFile | string, change: Change | ((source: string) => string)): Promise<Outcome> {
    const path = toPath(file)
    return this.save({ [path]: typeof change === 'function' ? change(this.read(path)) : change })
  }

  create(path: string, content: string | Uint8Array): Promise<Outcome> {
    return this.save({ [path]: content })
  }

  remove(file: StoryFile | string): Promise<Outcome> {
    return this.save({ [toPath(file)]: null })
  }

  /** Renames a file; `others` are saved in the same update, since somebody imports it. */
  rename(from: StoryFile | string, to: string, others: Changes = {}): Promise<Outcome> {
    const path = toPath(from)
    return this.save({ [path]: null, [to]: this.read(path), ...others })
  }

  /** Saves files together and returns what the update came to. */
  async save(changes: Changes): Promise<Outcome> {
    const { hot } = this.#parts
    const outcomes: Outcome[] = []
    const stop = hot.onOutcome((outcome) => outcomes.push(outcome))
    try {
      await Promise.all(this.announce(changes))
      await hot.settled()
    } finally {
      stop()
    }
    const told = outcomes.filter((outcome) => outcome.rung !== 'nothing')
    if (told.length > 1) throw new Error(`One save made ${told.length} updates: ${JSON.stringify(told)}`)
    const outcome = told[0] ?? outcomes[0] ?? { rung: 'nothing', number: 0, isStarted: true }
    if (outcome.rung === 'hot-restart') this.#exports = await this.#parts.host.import(this.#started().entry)
    return outcome
  }

  /** Writes files and tells Vite of them as its watcher would. Each promise is one file's delivery to the plugins. */
  announce(changes: Changes): Promise<void>[] {
    const events = Object.entries(changes).map(([path, change]) => {
      const file = this.#absolute(path)
      if (change === null) {
        rmSync(file)
        return { event: 'unlink', file }
      }
      const existed = existsSync(file)
      this.#write(path, applyChange(path, existed ? this.read(path) : '', change))
      return { event: existed ? 'change' : 'add', file }
    })
    return events.map(({ event, file }) => {
      const delivered = this.#parts.witness.delivered(file)
      this.#parts.host.server.watcher.emit(event, file)
      return delivered
    })
  }

  /** Has Vite restart as it does for a saved config: with a new server behind the same process, and an empty module graph. */
  async restartVite(): Promise<void> {
    await this.#parts.host.server.restart()
    await this.settled()
  }

  /** Asks for it as any plugin may. */
  askForFullReload(): void {
    this.#parts.host.server.environments.ssr.hot.send({ type: 'full-reload' })
  }

  /** Sends a custom event to `import.meta.hot.on`, as a plugin may. */
  sendToRuntime(event: string, data: unknown): void {
    this.#parts.host.server.environments.ssr.hot.send(event, data)
  }

  /** Hears of custom events of `import.meta.hot.send`, as a plugin may. */
  onEvent(event: string, listener: (data: unknown) => void): void {
    this.#parts.host.server.environments.ssr.hot.on(event, listener)
  }

  /** Resolves when no update is in progress. */
  settled(): Promise<void> {
    return this.#parts.hot.settled()
  }

  onOutcome(listener: (outcome: Outcome) => void): () => void {
    return this.#parts.hot.onOutcome(listener)
  }

  /** The exports of the running entry. */
  get exports(): Exports {
    return this.#started().exports
  }

  /** Calls an exported function of the running entry. */
  async call(name: string, ...args: unknown[]): Promise<unknown> {
    const called = this.exports[name]
    if (typeof called !== 'function') throw new Error(`The entry exports no function ${name}.`)
    return called(...args)
  }

  /** What the running server answers. */
  probe(): Promise<Answer> {
    return ask(this.exports)
  }

  /** What a server answers that is started now from the files as they are. */
  cold(): Promise<ColdStart> {
    return this.#parts.cold.start(this.#started().entry)
  }

  read(path: string): string {
    return readFileSync(this.#absolute(path), 'utf8')
  }

  /** Stops the server and removes the folder; {@link createStory} arranges it. */
  async end(): Promise<void> {
    if (typeof this.#exports?.stop === 'function') await this.#exports.stop()
    await Promise.all([this.#parts.host.close(), this.#parts.cold.close()])
    rmSync(this.root, { recursive: true, force: true })
  }

  #started(): { readonly entry: string; readonly exports: Exports } {
    if (this.#entry === undefined || this.#exports === undefined) throw new Error('The story has not been started.')
    return { entry: this.#entry, exports: this.#exports }
  }

  #absolute(path: string): string {
    return join(this.root, path)
  }

  #write(path: string, content: string | Uint8Array): void {
    const file = this.#absolute(path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

function toPath(file: StoryFile | string): string {
  return typeof file === 'string' ? file : file.path
}
