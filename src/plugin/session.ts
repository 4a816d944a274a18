import type { SourceMapInput } from '@jridgewell/remapping'
import type { DevEnvironment, ViteDevServer } from 'vite'
import type { Outcome, UpdateFailure } from '../protocol/index.ts'
import type { SavedFile } from './batch.ts'
import { TOGETHER } from './burst.ts'
import type { Channel } from './channel.ts'
import { Delivery } from './delivery.ts'
import type { Known } from './gatherer.ts'
import type { HotCode } from './hot-code.ts'
import { savedByInvalidation, savedByLink, savedByRefresh } from './implied-saves.ts'
import { KnownModules } from './known-modules.ts'
import { findLostSaves } from './lost-saves.ts'
import { NamedScripts } from './named-scripts.ts'
import { watchPackaged } from './outside-files.ts'
import { Pending } from './pending.ts'
import type { Reporter } from './report.ts'
import { Retries } from './retries.ts'
import { isTimed, type Span, Stopwatch } from './timing.ts'
import { Transforms } from './transforms.ts'
import { Unevaluated } from './unevaluated.ts'
import { WrittenFiles } from './written-files.ts'

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
  readonly #known: Known
  readonly #pending: Pending
  /** What is behind is to be tried again though nothing of it was saved. */
  readonly #retries = new Retries(() => this.#start())
  /** A person was told that files are behind. They are told as well when that is no longer true. */
  #isTold = false
  /** What was not found is looked for once more. */
  #isSecondTry = false
  readonly #files = new WrittenFiles()
  readonly #delivery: Delivery
  #working: Promise<void> | undefined
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
    this.#pending = new Pending(server)
    this.toLabel = toLabel
    this.#server = server
    this.modules = new KnownModules(environment)
    this.unevaluated = new Unevaluated(environment)
    this.scripts = new NamedScripts(environment.config.root)
    this.#known = {
      environment,
      modules: this.modules,
      scripts: this.scripts,
      transforms: this.#transforms,
      files: this.#files,
      stopwatch: this.#stopwatch,
      toLabel,
      onWrittenAgain: (file) => this.#saveAgain(file),
    }
    this.#delivery = new Delivery({
      server,
      channel,
      known: this.#known,
      pending: this.#pending,
      unevaluated: this.unevaluated,
    })
  }

  /** Vite's new server has started. */
  begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    if (this.#isResumed) this.#resume()
  }

  /** Vite has closed this server. What is under way still comes to its end. */
  close(): void {
    this.#channel.close()
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
    for (const saved of this.#pending.takeAll()) successor.save({ ...saved, modules: [] })
  }

  /** What was saved while Vite restarted, or not applied before. */
  #resume(): void {
    const before = new Map(this.#transforms.fingerprints)
    this.#stopLooking = findLostSaves(this.#server, this.modules.files, this.#since, (file) => {
      if (!this.#pending.saved.has(file)) this.save({ file, isDeleted: false, isCreated: false, modules: [], before })
    })
    this.retry(true)
    if (this.#pending.saved.size > 0) this.#start()
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
    if (this.knows(file)) this.#pending.announced.notice(file)
  }

  /** It was no save. */
  dismiss(file: string): void {
    this.#pending.announced.dismiss(file)
  }

  /** The watcher saw a change of a file. {@link noteDelivery} follows, and then `save`, if it is a module's. */
  announce(file: string): void {
    if (!this.knows(file)) return
    this.#pending.announced.note(file)
    this.#stopwatch?.see(file)
  }

  /** Vite tells of a change of a file. */
  noteDelivery(file: string): void {
    this.#pending.announced.noteDelivery(file)
  }

  /** A file was saved or deleted. */
  save(saved: SavedFile): void {
    if (this.#successor) return this.#successor.save({ ...saved, modules: [] })
    if (this.#pending.saved.size === 0 && !this.#working) this.#started = performance.now()
    this.#pending.save(saved)
    this.#stopwatch?.save(saved.file)
    this.#retries.reset()
    if (this.#delivery.isUnderWay) this.#channel.announceNext()
    this.#start()
  }

  /** Whether a module is reached by way of a path. */
  isReachedBy(link: string): boolean {
    return this.#transforms.importsThrough(link).length > 0
  }

  /** A symbolic link was changed. */
  saveLink(link: string): void {
    for (const saved of savedByLink(this.#known, link)) this.save(saved)
  }

  /** A plugin has invalidated a module that has no file. */
  saveInvalidated(id: string): void {
    for (const saved of savedByInvalidation(this.#known, id)) if (!this.#pending.saved.has(saved.file)) this.save(saved)
  }

  /** What is saved has not been applied yet. */
  get isBusy(): boolean {
    return this.#working !== undefined || this.isBehind || this.#pending.announced.isWaiting
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
    for (const saved of this.#pending.behind.values()) this.save(saved)
    this.#saveAll()
  }

  #saveAll(): void {
    const { saved, behind } = this.#pending
    for (const one of savedByRefresh(this.#known)) if (!saved.has(one.file) && !behind.has(one.file)) this.save(one)
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
      if (this.#isDue) this.#start()
    })
  }

  get #isDue(): boolean {
    return this.#pending.saved.size > 0 || this.#retries.isDue
  }

  /** Some file could not be applied: then any change may be what it waits for. */
  get isBehind(): boolean {
    return this.#pending.behind.size > 0
  }

  async settled(): Promise<void> {
    while (this.#working) await this.#working
  }

  async #work(): Promise<void> {
    while (!this.#successor && this.#isDue) {
      const isRetry = this.#pending.saved.size === 0
      this.#retries.begin()
      this.#stopwatch?.start()
      const { files, outcome, isUnsent } = await this.#delivery.deliver()
      if (!outcome || (outcome.rung === 'nothing' && !outcome.isStarted)) this.#restart()
      else if (outcome.rung !== 'failed' || !(await this.#isTriedAgain(outcome.failure, files)))
        await this.#conclude(outcome, [...files.keys()], { isRetry, isUnsent })
    }
  }

  /** Whether an update that failed is left to another that comes at once: it may have met with a file half written. */
  async #isTriedAgain(failure: UpdateFailure, files: ReadonlyMap<string, SavedFile>): Promise<boolean> {
    this.#pending.leaveBehind(files)
    if ((await this.#somethingElseSaved(failure)) || this.#successor) return true
    // A file that git writes is gone for a moment, and Vite remembers what it did not find.
    if (failure.code !== 'import_failed' || files.size < 2 || this.#isSecondTry) return false
    this.#isSecondTry = true
    this.#pending.saveBehind()
    return true
  }

  /** An update has come to what it comes to, and everybody is told. */
  async #conclude(
    outcome: Outcome,
    files: readonly string[],
    { isRetry, isUnsent }: { readonly isRetry: boolean; readonly isUnsent: boolean },
  ): Promise<void> {
    this.#isSecondTry = false
    const isRecovery = this.#isTold
    if (outcome.rung === 'failed') {
      if (isUnsent) this.#channel.fail({ ids: this.modules.idsOf(files), failure: outcome.failure })
      this.#isTold = true
    } else this.#catchUp()
    const ms = performance.now() - this.#started
    if (this.#stopwatch) this.#reporter.reportTiming(outcome, files, this.#stopwatch.read(outcome.spans))
    if (outcome.rung !== 'failed' && outcome.rung !== 'nothing') {
      if (outcome.isStarted === false) this.#restart()
      this.#onApplied(files)
    }
    await this.#reporter.report(outcome, { ms, files, isRecovery, isRetry })
    this.#started = performance.now()
  }

  /** Everything saved has been applied. */
  #catchUp(): void {
    this.#pending.behind.clear()
    this.#transforms.forget()
    this.#isTold = false
  }

  /** Nothing runs, so a start must have failed: it is tried again. vite-node ends when its entry throws. */
  #restart(): void {
    if (!this.#channel.isViteNode) this.#channel.restart()
    this.#catchUp()
  }

  /** The watcher drops a save that comes right after another. */
  #saveAgain(file: string): void {
    if (!this.#pending.announced.has(file)) this.#server.watcher.emit('change', file)
  }

  async #somethingElseSaved({ code }: UpdateFailure): Promise<boolean> {
    const deadline = performance.now() + (WAITS_FOR_OTHERS.has(code) ? TOGETHER : PATIENCE)
    while (!this.#isDue && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    return this.#isDue
  }
}
