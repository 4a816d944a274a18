import { readFile } from 'node:fs/promises'
import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import type { ModuleVersion, OpaqueModule, Outcome, Update } from '../protocol/index.ts'
import { PROTOCOL_VERSION } from '../protocol/index.ts'
import type { Channel } from './channel.ts'
import { type HotCode, toVersion } from './hot-code.ts'
import type { SourceMapInput } from '@jridgewell/remapping'
import { toTransformFailure } from './failure.ts'
import type { Reporter } from './report.ts'

/** chokidar drops a change that follows another within 50 ms: so each file is looked at again after this long. */
const LOOK_AGAIN = 60

/** An error may be a file half written, or one of two files saved together: the next event is given this long. */
const PATIENCE = 120

/** A module's transform, kept while an update is made of it. */
interface Transformed {
  readonly hot: HotCode
  readonly upstream: SourceMapInput | undefined
}

interface SavedFile {
  readonly file: string
  readonly isDeleted: boolean
  readonly modules: readonly EnvironmentModuleNode[]
}

/**
 * Turns saves into updates for one environment: gathers files saved together, transforms them, sends one update, hears
 * what it came to. Files that could not be applied go out again with the next save, until they are.
 */
export class Session {
  readonly #environment: DevEnvironment
  readonly #channel: Channel
  readonly #reporter: Reporter
  readonly #toLabel: (id: string) => string
  /** Saved and not yet in an update. */
  readonly #saved = new Map<string, SavedFile>()
  /** In an update that failed. Emptied by the next one that does not. */
  readonly #behind = new Map<string, SavedFile>()
  /** What the transform hook made of modules of the update being made. */
  readonly #transformed = new Map<string, Transformed>()
  /** Content last handed to a transform, by file. */
  readonly #contents = new Map<string, string>()
  #working: Promise<void> | undefined
  #started = 0

  constructor(environment: DevEnvironment, channel: Channel, reporter: Reporter, toLabel: (id: string) => string) {
    this.#environment = environment
    this.#channel = channel
    this.#reporter = reporter
    this.#toLabel = toLabel
  }

  /** Called by the transform hook. Keeps what an update under way needs. */
  noteTransform(id: string, hot: HotCode, upstream: () => SourceMapInput | undefined): void {
    if (this.#working) this.#transformed.set(id, { hot, upstream: upstream() })
  }

  /** A file was saved or deleted. */
  save(saved: SavedFile): void {
    if (this.#saved.size === 0 && !this.#working) this.#started = performance.now()
    this.#saved.set(saved.file, saved)
    this.#working ??= this.#work().finally(() => (this.#working = undefined))
  }

  /** Some file could not be applied: then any change may be what it waits for. */
  get isBehind(): boolean {
    return this.#behind.size > 0
  }

  async settled(): Promise<void> {
    while (this.#working) await this.#working
  }

  async #work(): Promise<void> {
    while (this.#saved.size > 0) {
      const recovering = this.#behind.size > 0
      const batch = new Map(this.#behind)
      let failure: Outcome | undefined
      const modules = new Map<string, ModuleVersion>()
      const opaque = new Map<string, OpaqueModule>()
      const deleted = new Map<string, { id: string; label: string }>()
      let todo = new Map([...this.#behind, ...this.#saved])
      // Files saved while others are transformed belong to the same update.
      while (todo.size > 0 && !failure) {
        for (const [file, saved] of todo) batch.set(file, saved)
        this.#saved.clear()
        try {
          await Promise.all([...todo.values()].map((saved) => this.#gather(saved, modules, opaque, deleted)))
        } catch (error) {
          failure = { rung: 'failed', number: 0, failure: toTransformFailure(error, this.#environment.config.root) }
        }
        todo = new Map(this.#saved)
      }
      const outcome = failure ?? (await this.#send({ modules: [...modules.values()], opaque: [...opaque.values()], deleted: [...deleted.values()] }))
      if (!outcome) continue
      if (outcome.rung === 'failed') {
        for (const [file, saved] of batch) this.#behind.set(file, saved)
        if (await this.#somethingElseSaved()) continue
      } else {
        this.#behind.clear()
        this.#transformed.clear()
      }
      await this.#reporter.report(outcome, {
        ms: performance.now() - this.#started,
        files: [...batch.keys()],
        isRecovery: recovering,
      })
      this.#started = performance.now()
    }
  }

  async #gather(
    { file, isDeleted, modules }: SavedFile,
    versions: Map<string, ModuleVersion>,
    opaque: Map<string, OpaqueModule>,
    deleted: Map<string, { id: string; label: string }>,
  ): Promise<void> {
    if (isDeleted) {
      versions.delete(file)
      deleted.set(file, { id: file, label: this.#toLabel(file) })
      return
    }
    deleted.delete(file)
    this.#contents.set(file, await readOrEmpty(file))
    this.#lookAgain(file)
    for (const module of modules) {
      await this.#environment.transformRequest(module.url)
      const id = module.id ?? file
      // Kept until it is applied: Vite does not transform again what it has already transformed.
      const transformed = this.#transformed.get(id)
      if (transformed?.hot.kind === 'hot') versions.set(id, toVersion(transformed.hot.module, transformed.upstream))
      else if (transformed) opaque.set(id, transformed.hot.opaque)
    }
  }

  async #send(content: Pick<Update, 'modules' | 'opaque' | 'deleted'>): Promise<Outcome | undefined> {
    if (content.modules.length + content.opaque.length + content.deleted.length === 0) return undefined
    return this.#channel.send({ protocol: PROTOCOL_VERSION, ...content })
  }

  /** The watcher may have lost a save that came right after another. */
  #lookAgain(file: string): void {
    const timer = setTimeout(() => {
      void readOrEmpty(file).then((content) => {
        if (content === '' || content === this.#contents.get(file)) return
        this.#environment.moduleGraph.onFileChange(file)
        const modules = [...(this.#environment.moduleGraph.getModulesByFile(file) ?? [])]
        this.save({ file, isDeleted: false, modules })
      })
    }, LOOK_AGAIN)
    timer.unref()
  }

  async #somethingElseSaved(): Promise<boolean> {
    const deadline = performance.now() + PATIENCE
    while (this.#saved.size === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    return this.#saved.size > 0
  }
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}
