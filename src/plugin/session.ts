import { existsSync } from 'node:fs'
import type { DevEnvironment, EnvironmentModuleNode, ViteDevServer } from 'vite'
import type { Outcome, UpdateFailure } from '../protocol/index.ts'
import { PROTOCOL_VERSION } from '../protocol/index.ts'
import { Announced } from './announced.ts'
import { Batch, type SavedFile } from './batch.ts'
import { Burst, TOGETHER } from './burst.ts'
import type { Channel } from './channel.ts'
import { Gatherer } from './gatherer.ts'
import type { HotCode } from './hot-code.ts'
import type { SourceMapInput } from '@jridgewell/remapping'
import { toTransformFailure } from './failure.ts'
import { isReload, toModuleId } from './hooks/transform.ts'
import { importersOf, restoreImporters } from './importers.ts'
import { isVirtual } from './invalidated.ts'
import { KnownModules } from './known-modules.ts'
import { isWithin } from './links.ts'
import { findLostSaves } from './lost-saves.ts'
import { NamedScripts } from './named-scripts.ts'
import { watchPackaged } from './outside-files.ts'
import { forgetPackages } from './packages.ts'
import type { Reporter } from './report.ts'
import { Retries } from './retries.ts'
import { isTimed, type Span, Stopwatch } from './timing.ts'
import { Transforms } from './transforms.ts'
import { Unevaluated } from './unevaluated.ts'
import { WrittenFiles } from './written-files.ts'

/** chokidar's own, in milliseconds. */
const POLLING_INTERVAL = 100

/** An error may be a file half written: the next event is given this long. */
const PATIENCE = 120

/** What goes wrong when a file was saved and another that belongs to it was not yet. */
const WAITS_FOR_OTHERS = new Set(['missing_export', 'import_failed', 'deleted_but_imported'])

/** A save may be lost this long before Vite's next server is made: the old one has seen it, and does nothing any more. */
const LOST_BEFORE = 2_000

interface SessionOptions {
  readonly toLabel: (id: string) => string
  readonly server: ViteDevServer
  /** Files have changed what runs. */
  readonly onApplied: (files: readonly string[]) => void
}

/**
 * Turns saves into updates for one environment: gathers files saved together, transforms them, sends one update, hears
 * what it came to. Files that could not be applied go out again with the next save, until they are.
 */
export class Session {
  readonly toLabel: (id: string) => string
  readonly modules: KnownModules
  readonly unevaluated: Unevaluated
  readonly scripts: NamedScripts
  /** Absent where nobody wants to know. */
  readonly #stopwatch = isTimed ? new Stopwatch() : undefined
  readonly #server: ViteDevServer
  readonly #environment: DevEnvironment
  readonly #channel: Channel
  readonly #onApplied: SessionOptions['onApplied']
  readonly #reporter: Reporter
  readonly #transforms: Transforms
  /** Saved and not yet in an update. */
  readonly #saved = new Map<string, SavedFile>()
  readonly #burst: Burst
  /** About to be saved: the update waits for them. */
  readonly #announced = new Announced()
  /** What is behind is to be tried again though nothing of it was saved. */
  readonly #retries = new Retries(() => this.#start())
  /** In an update that failed. Emptied by the next one that does not. */
  readonly #behind = new Map<string, SavedFile>()
  /** A person was told that files are behind. They are told as well when that is no longer true. */
  #isTold = false
  /** What was not found is looked for once more. */
  #isSecondTry = false
  readonly #files = new WrittenFiles()
  readonly #gatherer: Gatherer
  #working: Promise<void> | undefined
  /** An update is being applied. */
  #isSent = false
  #started = 0
  /** Files written before that time were seen by the Vite server before this one, if there was one. */
  readonly #since = Date.now() - LOST_BEFORE
  /** Whether Vite may be asked for modules. A server that is made anew is not ready before it is told to start. */
  #hasBegun = false
  /** A Vite server before this one loaded the modules that run. */
  #isResumed = false
  /** Ends the search for saves that were lost while Vite restarted. Set while it is under way, and after. */
  #stopLooking: (() => void) | undefined
  /** The session of the server for which Vite has closed this one: all that is to be done is for that. */
  #successor: Session | undefined

  constructor(
    environment: DevEnvironment,
    channel: Channel,
    reporter: Reporter,
    { toLabel, server, onApplied }: SessionOptions,
  ) {
    this.#environment = environment
    this.#onApplied = onApplied
    this.#transforms = new Transforms(environment)
    this.#channel = channel
    // After the update in which it happened.
    channel.onInvalidated = (invalidated) => void this.settled().then(() => reporter.reportInvalidated(invalidated))
    this.#reporter = reporter
    this.#burst = new Burst(pollingInterval(server))
    this.toLabel = toLabel
    this.#server = server
    this.modules = new KnownModules(environment)
    this.unevaluated = new Unevaluated(environment)
    this.scripts = new NamedScripts(environment.config.root)
    this.#gatherer = new Gatherer({
      environment,
      modules: this.modules,
      scripts: this.scripts,
      transforms: this.#transforms,
      files: this.#files,
      stopwatch: this.#stopwatch,
      toLabel,
      onWrittenAgain: (file) => this.#saveAgain(file),
    })
  }

  /** Vite's new server has started. */
  begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    if (this.#isResumed) this.#resume()
  }

  /** Vite has closed this server for another one, behind which the modules run on. */
  handOver(successor: Session): void {
    this.#successor = successor
    if (this.isUsed) this.#reporter.noteRestart(this.#server, this.#channel.isViteNode)
    this.#stopLooking?.()
    successor.#inherit(this)
    if (!this.#working) this.#passOn(successor)
    if (successor.#hasBegun) successor.#resume()
  }

  #inherit(previous: Session): void {
    this.#isResumed = true
    this.modules.inherit(previous.modules)
    this.scripts.inherit(previous.scripts)
    this.#transforms.inherit(previous.#transforms)
    this.#files.inherit(previous.#files)
  }

  /** What was not applied is the successor's. */
  #passOn(successor: Session): void {
    successor.#isTold ||= this.#isTold
    for (const saved of new Map([...this.#behind, ...this.#saved]).values()) successor.save({ ...saved, modules: [] })
    this.#behind.clear()
    this.#saved.clear()
  }

  /** What was saved while Vite restarted, or not applied before. */
  #resume(): void {
    const before = new Map(this.#transforms.fingerprints)
    this.#stopLooking = findLostSaves(this.#server, this.modules.files, this.#since, (file) => {
      if (!this.#saved.has(file)) this.save({ file, isDeleted: false, isCreated: false, modules: [], before })
    })
    this.retry(true)
    if (this.#saved.size > 0) this.#start()
  }

  /** Called by the transform hook. Keeps what an update under way needs. */
  noteTransform(id: string, hot: HotCode, upstream: () => SourceMapInput | undefined): void {
    watchPackaged(this.#server, id)
    this.#transforms.note(id, hot, upstream, this.#working !== undefined)
  }

  /** A module that an update waits for has come so far. */
  reach(span: Span, id: string): void {
    if (this.#stopwatch && this.#transforms.isAwaited(id)) this.#stopwatch.end(span)
  }

  /** Whether a module comes from a file, or did. */
  knows(file: string): boolean {
    return this.#environment.moduleGraph.getModulesByFile(file) !== undefined || this.modules.hasFile(file)
  }

  /**
   * Ids of the modules of a deleted file that another session transformed, or this one, if it is for this one to say that
   * they are gone. Under vite-node, importers of what is no script are those of another environment.
   */
  idsOfDeleted(file: string, other: Session): string[] {
    const isTold = this.#channel.isViteNode ? this.#channel.isMain : this === other
    return isTold ? [file, ...other.modules.idsOf([file])] : []
  }

  /** Something happened to a file: {@link announce} follows, or `dismiss`. */
  notice(file: string): void {
    if (this.knows(file)) this.#announced.notice(file)
  }

  /** It was no save. */
  dismiss(file: string): void {
    this.#announced.dismiss(file)
  }

  /** The watcher saw a change of a file. {@link noteDelivery} follows, and then `save`, if it is a module's. */
  announce(file: string): void {
    if (!this.knows(file)) return
    this.#announced.note(file)
    this.#stopwatch?.see(file)
  }

  /** Vite tells of a change of a file. */
  noteDelivery(file: string): void {
    this.#announced.noteDelivery(file)
  }

  /** A file was saved or deleted. */
  save(saved: SavedFile): void {
    if (this.#successor) return this.#successor.save({ ...saved, modules: [] })
    if (this.#saved.size === 0 && !this.#working) this.#started = performance.now()
    this.#saved.set(saved.file, saved)
    this.#stopwatch?.save(saved.file)
    this.#burst.note(saved.file)
    this.#retries.reset()
    if (this.#isSent) this.#channel.announceNext()
    this.#start()
  }

  /** Whether a module is reached by way of a path. */
  isReachedBy(link: string): boolean {
    return this.#transforms.importsThrough(link).length > 0
  }

  /** A symbolic link was changed: what has its name is another file now, and so is what it leads to. */
  saveLink(link: string): void {
    const { fileToModulesMap } = this.#environment.moduleGraph
    const files = new Set([...fileToModulesMap.keys(), ...this.modules.files].filter((file) => isWithin(file, link)))
    for (const file of files) {
      const modules = [...(fileToModulesMap.get(file) ?? [])]
      this.save({ file, isDeleted: !existsSync(file), isCreated: false, modules })
    }
    if (files.size === 0) this.save({ file: link, isDeleted: false, isCreated: false, modules: [], isLink: true })
  }

  /** A plugin has invalidated a module that has no file. */
  saveInvalidated(id: string): void {
    const module = this.#environment.moduleGraph.getModuleById(id)
    const fingerprint = this.#transforms.fingerprints.get(id)
    if (!module || fingerprint === undefined) return
    const file = module.file ?? id
    if (this.#saved.has(file)) return
    this.save({ file, isDeleted: false, isCreated: false, modules: [module], before: new Map([[id, fingerprint]]) })
  }

  /** What is saved has not been applied yet. */
  get isBusy(): boolean {
    return this.#working !== undefined || this.isBehind || this.#announced.isWaiting
  }

  /** What runs the modules. */
  get host(): 'vite-node' | 'module runner' {
    return this.#channel.isViteNode ? 'vite-node' : 'module runner'
  }

  /** Whether there are modules here that updates are for. */
  get isUsed(): boolean {
    return !this.#transforms.isEmpty
  }

  /**
   * Every module may be transformed otherwise now, though none was saved: those that are go out as one update. Modules
   * that run as a whole run on as they are.
   */
  refresh(): void {
    if (!this.isUsed) return
    this.#reporter.noteFullReload()
    this.#saveAll()
  }

  /** Whatever is saved goes out, also what no watcher told of, and what could not be applied. */
  update(): void {
    if (!this.isUsed) return
    this.#saveAll()
    this.retry(true)
  }

  #saveAll(): void {
    const files = new Map<string, EnvironmentModuleNode[]>()
    for (const module of this.#environment.moduleGraph.idToModuleMap.values()) {
      const { id, file, url } = module
      if (id === null || !this.modules.has(id) || isReload(id)) continue
      const isHot = this.#transforms.fingerprints.has(toModuleId(id))
      if (isHot && file !== null && (isVirtual(id) || existsSync(file)))
        files.set(file, [...(files.get(file) ?? []), module])
      // Vite may have dropped its transform, and its module runner would then evaluate it once more.
      else this.#transforms.restore(url)
    }
    const before = new Map(this.#transforms.fingerprints)
    for (const [file, modules] of files)
      if (!this.#saved.has(file) && !this.#behind.has(file))
        this.save({ file, isDeleted: false, isCreated: false, modules, before })
  }

  /** Some other file changed, or was created: what could not be applied may have waited for it. */
  retry(isCreated: boolean): void {
    if (this.isBehind) this.#retries.request(isCreated)
  }

  #start(): void {
    if (this.#isResumed && !this.#hasBegun) return
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      if (this.#successor) return this.#passOn(this.#successor)
      // Between the last look and this.
      if (this.#saved.size > 0 || this.#retries.isDue) this.#start()
    })
  }

  /** Some file could not be applied: then any change may be what it waits for. */
  get isBehind(): boolean {
    return this.#behind.size > 0
  }

  async settled(): Promise<void> {
    while (this.#working) await this.#working
  }

  async #work(): Promise<void> {
    while (!this.#successor && (this.#saved.size > 0 || this.#retries.isDue)) {
      const isRetry = this.#saved.size === 0
      this.#retries.begin()
      this.#stopwatch?.start()
      const batch = new Batch()
      const failure = await this.#gatherAll(batch)
      // A module that is loaded now may import one whose transform Vite has dropped.
      const mayRestart = this.#mayRestart(batch)
      const isGraphChanged =
        batch.isGraphChanged || [...batch.modules.keys()].some((id) => this.#transforms.isUnresolved(id))
      const mayLoad = isGraphChanged || mayRestart
      if (mayLoad) await this.#transforms.finished()
      await this.#address(batch)
      if (!failure && mayLoad) await this.#restoreImporters(batch, mayRestart)
      const outcome = failure ?? (await this.#send(batch))
      if (outcome?.unloaded) this.unevaluated.note(outcome.unloaded)
      await this.#transforms.finished()
      if (!mayLoad) await this.#restoreImporters(batch, false)

      if (!outcome || (outcome.rung === 'nothing' && !outcome.isStarted)) {
        this.#restart()
        continue
      }
      if (outcome.rung === 'failed') {
        for (const [file, { before: _, ...saved }] of batch.files) this.#behind.set(file, saved)
        if ((await this.#somethingElseSaved(outcome.failure)) || this.#successor) continue
        // A file that git writes is gone for a moment, and Vite remembers what it did not find.
        if (outcome.failure.code === 'import_failed' && batch.files.size > 1 && !this.#isSecondTry) {
          this.#isSecondTry = true
          for (const [file, saved] of this.#behind) this.#saved.set(file, saved)
          continue
        }
      }
      this.#isSecondTry = false
      if (failure?.rung === 'failed')
        this.#channel.fail({ ids: this.modules.idsOf(batch.files.keys()), failure: failure.failure })
      const isRecovery = this.#isTold
      if (outcome.rung === 'failed') this.#isTold = true
      else this.#catchUp()
      const ms = performance.now() - this.#started
      const files = [...batch.files.keys()]
      if (this.#stopwatch) this.#reporter.reportTiming(outcome, files, this.#stopwatch.read(outcome.spans))
      if (outcome.rung !== 'failed' && outcome.rung !== 'nothing') {
        if (outcome.isStarted === false) this.#restart()
        this.#onApplied(files)
      }
      await this.#reporter.report(outcome, { ms, files, isRecovery, isRetry })
      this.#started = performance.now()
    }
  }

  /** Everything saved has been applied. */
  #catchUp(): void {
    this.#behind.clear()
    this.#transforms.forget()
    this.#isTold = false
  }

  /** Nothing runs, so a start must have failed: it is tried again. vite-node ends when its entry throws. */
  #restart(): void {
    if (!this.#channel.isViteNode) this.#channel.restart()
    this.#catchUp()
  }

  /** Transforms what was saved, and what is saved meanwhile: it belongs to the same update. */
  async #gatherAll(batch: Batch): Promise<Outcome | undefined> {
    // What is behind is sent even if it is transformed to what it was.
    const due = [...this.#saved].filter(([file, { before }]) => !before || !this.#behind.has(file))
    let todo = new Map([...this.#behind, ...due])
    let failure: UpdateFailure | undefined
    while (todo.size > 0) {
      for (const [file, saved] of todo) batch.files.set(file, saved)
      this.#saved.clear()
      this.#stopwatch?.join()
      const gathering = [...todo.values()].map((saved) =>
        this.#gatherer.gather(saved, this.#behind.has(saved.file), batch),
      )
      const gathered = await Promise.allSettled(gathering)
      const index = gathered.findIndex(({ status }) => status === 'rejected')
      const failed = gathered[index]
      failure =
        failed?.status === 'rejected'
          ? toTransformFailure(failed.reason, this.#environment.config.root, [...todo.keys()][index])
          : undefined
      await this.#announced.allDelivered()
      if (this.#burst.isUnderWay) await this.#burst.over(() => this.#saved.size > 0)
      // What could not be transformed may have been half of what is being written.
      todo = new Map(failure && this.#saved.size > 0 ? [...todo, ...this.#saved] : this.#saved)
    }
    return failure && { rung: 'failed', number: 0, failure }
  }

  /** Says how runners are asked for what edits have modules import. */
  async #address({ modules, files }: Batch): Promise<void> {
    const isRetry = [...files.keys()].some((file) => this.#behind.has(file))
    if (isRetry) await forgetPackages(this.#server, this.#environment)
    for (const [id, version] of modules) {
      const addresses = await this.#transforms.resolve(id, isRetry)
      if (addresses) modules.set(id, { ...version, addresses })
    }
  }

  /** vite-node has a cache of its own. */
  async #restoreImporters({ files }: Batch, areAllNeeded: boolean): Promise<void> {
    if (!this.#channel.isViteNode) await restoreImporters(this.#environment, files.keys(), areAllNeeded)
  }

  /** Modules that run as a whole may be loaded anew: one that changed, or that imports what did. */
  #mayRestart({ files, opaque }: Batch): boolean {
    const known = this.#transforms.opaque
    if (opaque.size > 0 || known.size === 0) return opaque.size > 0
    return importersOf(this.#environment, files.keys()).some(({ id }) => id !== null && known.has(toModuleId(id)))
  }

  async #send(batch: Batch): Promise<Outcome | undefined> {
    const message = batch.toMessage()
    const { modules, opaque, deleted, scripts, relinked = [] } = message
    const isEmpty = modules.length + opaque.length + deleted.length + scripts.length + relinked.length === 0
    if (isEmpty) return { rung: 'nothing', number: 0, isStarted: true }
    this.#isSent = true
    this.#burst.noteUpdate()
    this.#stopwatch?.end('wait')
    try {
      return await this.#channel.send({ protocol: PROTOCOL_VERSION, ...message, ...(isTimed && { isTimed }) })
    } finally {
      this.#stopwatch?.end('send')
      this.#isSent = false
    }
  }

  /** The watcher drops a save that comes right after another. */
  #saveAgain(file: string): void {
    if (!this.#announced.has(file)) this.#server.watcher.emit('change', file)
  }

  async #somethingElseSaved({ code }: UpdateFailure): Promise<boolean> {
    const deadline = performance.now() + (WAITS_FOR_OTHERS.has(code) ? TOGETHER : PATIENCE)
    const isOther = (): boolean => this.#saved.size > 0 || this.#retries.isDue
    while (!isOther() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    return isOther()
  }
}

/** How often, in milliseconds, a watcher looks at files that the system does not tell it of. */
function pollingInterval({ config }: ViteDevServer): number | undefined {
  const { watch } = config.server
  return watch?.usePolling ? (watch.interval ?? POLLING_INTERVAL) : undefined
}
