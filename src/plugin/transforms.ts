import { hash } from 'node:crypto'
import path from 'node:path'
import type { SourceMapInput } from '@jridgewell/remapping'
import type { DevEnvironment } from 'vite'
import type { Addresses } from '../protocol/index.ts'
import { findAddresses } from './addresses.ts'
import type { HotCode } from './hot-code.ts'
import { isWithin } from './links.ts'
import { invalidate } from './invalidated.ts'

/** A module's transform, kept while an update is made of it. */
export interface Transformed {
  readonly hot: HotCode
  readonly upstream: SourceMapInput | undefined
  /** It imports something else than it did. */
  readonly isGraphChanged: boolean
}

/** What Vite transforms for updates in one environment, and what is known of every module since its last transform. */
export class Transforms {
  readonly #environment: DevEnvironment
  /** What the transform hook made of modules of the update being made. Emptied when it is applied. */
  readonly #transformed = new Map<string, Transformed>()
  /** Those who wait for a transform, by module. */
  readonly #waiting = new Map<string, (transformed: Transformed) => void>()
  /** Transforms that Vite has not finished. Awaited and emptied before the next update. */
  #unfinished: Promise<unknown>[] = []
  /** Specifiers each module imported when it was last transformed. */
  readonly #imports = new Map<string, string>()
  /** Bare specifiers of modules that came to import something else. Emptied when the update is applied. */
  readonly #unresolved = new Map<string, readonly string[]>()
  /** What those lead to. Written by {@link resolve}. */
  readonly #addresses = new Map<string, Addresses>()
  /** What stands for the code each hot module was last transformed to. */
  readonly #fingerprints = new Map<string, string>()
  /** Modules that run as a whole, as last transformed. */
  readonly #opaque = new Set<string>()

  constructor(environment: DevEnvironment) {
    this.#environment = environment
  }

  /** The modules that run were transformed by a Vite server before this one. */
  inherit(previous: Transforms): void {
    for (const [id, imports] of previous.#imports) this.#imports.set(id, imports)
    for (const [id, fingerprint] of previous.#fingerprints) this.#fingerprints.set(id, fingerprint)
    for (const [id, specifiers] of previous.#unresolved) this.#unresolved.set(id, specifiers)
    for (const [id, addresses] of previous.#addresses) this.#addresses.set(id, addresses)
    for (const id of previous.#opaque) this.#opaque.add(id)
  }

  /**
   * Called by the transform hook.
   *
   * @param isKept whether an update may need what was made
   */
  note(id: string, hot: HotCode, upstream: () => SourceMapInput | undefined, isKept: boolean): void {
    if (hot.kind === 'opaque') this.#opaque.add(id)
    else this.#opaque.delete(id)
    const record = hot.kind === 'invalid' ? undefined : hot.module?.record
    const bare = hot.kind === 'hot' ? hot.module.bare : undefined
    const specifiers = [...(record?.imports ?? []).map(({ specifier }) => specifier), ...(bare?.requested ?? [])]
    const imports = specifiers.join('\n')
    const known = this.#imports.get(id)
    const isSameGraph = known === imports
    // What a module imports that is loaded, Vite has seen to.
    if (bare && known !== undefined && !isSameGraph)
      this.#unresolved.set(id, [...new Set([...bare.imported, ...bare.requested])])
    this.#imports.set(id, imports)
    if (hot.kind !== 'invalid' && hot.module) this.#fingerprints.set(id, toFingerprint(hot.module.code))
    else if (hot.kind !== 'invalid') this.#fingerprints.delete(id)
    this.#transformed.delete(id)
    if (!isKept) return
    const transformed = { hot, upstream: upstream(), isGraphChanged: !isSameGraph }
    this.#transformed.set(id, transformed)
    if (isSameGraph) this.#waiting.get(id)?.(transformed)
  }

  /**
   * What our transform makes of a module. Vite has more to do after it (it resolves imports, and rewrites them), which
   * can only fail where imports changed: otherwise the update does not wait for that.
   */
  async request(url: string, id: string): Promise<Transformed | undefined> {
    const noted = new Promise<Transformed>((resolve) => this.#waiting.set(id, resolve))
    const whole = this.#requestWhole(url, id)
    this.#unfinished.push(whole.catch(() => undefined))
    try {
      return await Promise.race([noted, whole])
    } finally {
      this.#waiting.delete(id)
    }
  }

  /** Imports by way of a path, which is that of a folder or a file: who imports what. */
  importsThrough(link: string): { readonly importer: string; readonly specifier: string }[] {
    const found: { importer: string; specifier: string }[] = []
    for (const [importer, imports] of this.#imports)
      for (const specifier of imports.split('\n')) {
        const target = path.posix.join(path.posix.dirname(importer), specifier)
        if (specifier.startsWith('.') && isWithin(target, link)) found.push({ importer, specifier })
      }
    return found
  }

  /** Whether the update under way has a module import something else. */
  isUnresolved(id: string): boolean {
    return this.#unresolved.has(id)
  }

  /**
   * What bare specifiers of a module lead to that edits have added. Vite must have finished transforming it.
   *
   * @param isRetry an update with it failed, perhaps because what it imports was not there
   */
  async resolve(id: string, isRetry: boolean): Promise<Addresses | undefined> {
    const specifiers = this.#unresolved.get(id)
    if (specifiers) {
      if (isRetry) await this.#transformAnew(id)
      this.#addresses.set(id, await findAddresses(this.#environment, id, specifiers))
    }
    return this.#addresses.get(id)
  }

  /** Whether an update waits for a module. */
  isAwaited(id: string): boolean {
    return this.#waiting.has(id)
  }

  /** Has Vite transform a module for whoever asks for it next. */
  restore(url: string): void {
    this.#unfinished.push(this.#environment.transformRequest(url).catch(() => undefined))
  }

  /** Has Vite transform a module again when it is next asked to. */
  async invalidate(url: string): Promise<void> {
    const graph = this.#environment.moduleGraph
    const module = await graph.getModuleByUrl(url)
    if (module) invalidate(graph, module)
  }

  /** Resolves when Vite has finished what was asked of it so far. */
  async finished(): Promise<void> {
    await Promise.all(this.#unfinished.splice(0))
  }

  /** The update was applied. */
  forget(): void {
    this.#transformed.clear()
    this.#unresolved.clear()
  }

  /** What stands for the code hot modules were last transformed to, by id. */
  get fingerprints(): ReadonlyMap<string, string> {
    return this.#fingerprints
  }

  /** Modules that run as a whole. */
  get opaque(): ReadonlySet<string> {
    return this.#opaque
  }

  /** There are no modules here that updates are for. */
  get isEmpty(): boolean {
    return this.#fingerprints.size === 0 && this.#opaque.size === 0
  }

  async #transformAnew(id: string): Promise<void> {
    const url = this.#environment.moduleGraph.getModuleById(id)?.url
    if (url === undefined) return
    await this.invalidate(url)
    await this.#environment.transformRequest(url)
  }

  /** Vite does not transform again what somebody else had it transform after the file was saved. */
  async #requestWhole(url: string, id: string): Promise<Transformed | undefined> {
    await this.#environment.transformRequest(url)
    if (!this.#transformed.has(id) && (this.#fingerprints.has(id) || this.#opaque.has(id))) {
      await this.invalidate(url)
      await this.#environment.transformRequest(url)
    }
    return this.#transformed.get(id)
  }
}

function toFingerprint(code: string): string {
  return hash('sha1', code, 'base64')
}
