import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  CACHE,
  configSource,
  EDITED,
  editedSource,
  HELD,
  heldSource,
  POOL,
  POOL_SOURCE,
  serverSource,
} from './app-source.ts'
import { modulePath, moduleSource } from './module-source.ts'
import type { AppShape } from './shape.ts'

/** A generated app on disk. */
export class App {
  readonly folder: string
  readonly shape: AppShape
  /** What the files on disk say. Written by the edits. */
  #message = 0
  #size = 0
  readonly #revisions = new Map<number, number>()

  constructor(folder: string, shape: AppShape, isHot: boolean) {
    this.folder = folder
    this.shape = shape
    cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true })
    this.#write('vite.config.ts', configSource(isHot))
    this.#write('server.ts', serverSource(shape.heapMib))
    this.#write(POOL, POOL_SOURCE)
    this.#write(HELD, heldSource())
    this.#write(EDITED, editedSource(0, 0))
    for (let index = 0; index < shape.modules; index++) this.#writeModule(index, 0)
  }

  /** What the server answers once all edits so far have been applied. */
  get expected(): { readonly message: string; readonly size: number; readonly sum: number } {
    const sum = [...this.#revisions.values()].reduce((total, revision) => total + revision, 0)
    return { message: `message ${this.#message}`, size: this.#size, sum }
  }

  /** Its hot code is on disk for the next start. */
  get isKept(): boolean {
    const kept = join(this.folder, CACHE, 'hot-node')
    return existsSync(kept) && readdirSync(kept).some((name) => name.endsWith('.txt'))
  }

  /** The text of every module, for whoever counts what is in them. */
  *sources(): Generator<string> {
    for (let index = 0; index < this.shape.modules; index++)
      yield moduleSource(index, this.shape.modules, 0, index < this.shape.importers)
  }

  /** Saves another body of a function that only requests call: a patch. */
  patch(): void {
    this.#message += 1
    this.#write(EDITED, editedSource(this.#message, this.#size))
  }

  /** Saves another value, with which another module has made one: a re-run of both. */
  rerun(): void {
    this.#size += 1
    this.#write(EDITED, editedSource(this.#message, this.#size))
  }

  /** Saves so many modules, spread over the graph, each with a function changed: one patch. */
  patchMany(files: number): void {
    const step = this.shape.modules / files
    for (let file = 0; file < files; file++) {
      const index = Math.floor(file * step)
      this.#writeModule(index, (this.#revisions.get(index) ?? 0) + 1)
    }
  }

  #writeModule(index: number, revision: number): void {
    if (revision > 0) this.#revisions.set(index, revision)
    const { modules, importers } = this.shape
    this.#write(modulePath(index), moduleSource(index, modules, revision, index < importers))
  }

  #write(name: string, source: string): void {
    const file = join(this.folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, source)
  }
}
