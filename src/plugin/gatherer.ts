import { existsSync } from 'node:fs'
import path from 'node:path'
import { type DevEnvironment, transformWithOxc } from 'vite'
import type { Batch, SavedFile } from './batch.ts'
import { SyntaxFailure } from './failure.ts'
import { toModuleId } from './hooks/transform.ts'
import { toVersion } from './hot-code.ts'
import { isWithin } from './links.ts'
import type { KnownModules } from './known-modules.ts'
import type { NamedScripts } from './named-scripts.ts'
import type { Stopwatch } from './timing.ts'
import type { Transformed, Transforms } from './transforms.ts'
import type { WrittenFiles } from './written-files.ts'

/** A file that is saved time and again is transformed anew so many times, however long that takes: the last must do. */
const MOST_TRANSFORMS = 10

/** What is known of an environment. */
export interface Known {
  readonly environment: DevEnvironment
  readonly modules: KnownModules
  readonly scripts: NamedScripts
  readonly transforms: Transforms
  readonly files: WrittenFiles
  readonly stopwatch: Stopwatch | undefined
  readonly toLabel: (id: string) => string
  /** Called for a file that is written again after it was read, of which the watcher may not tell. */
  readonly onWrittenAgain: (file: string) => void
}

/** Makes of saved files what goes into an update. */
export class Gatherer {
  readonly #known: Known

  constructor(known: Known) {
    this.#known = known
  }

  /**
   * Adds what a save has made of its modules.
   *
   * @param isBehind an update with the file failed, so that it goes out even if it says what it said
   * @throws SyntaxFailure, or what a plugin threw
   */
  async gather(told: SavedFile, isBehind: boolean, batch: Batch): Promise<void> {
    const { modules, files, toLabel, onWrittenAgain } = this.#known
    if (told.isLink) return this.#gatherLink(told.file, batch)
    const saved = asItIs(told)
    const { file, isDeleted } = saved
    const urls = modules.urlsOf(saved)
    if (isDeleted) {
      const ids = saved.ids ?? [file]
      for (const id of ids) batch.modules.delete(id)
      batch.deleted.set(
        file,
        ids.map((id) => ({ id, label: toLabel(id) })),
      )
      batch.scripts.delete(file)
    } else {
      batch.deleted.delete(file)
      await this.#gatherScript(file, urls, isBehind, batch)
    }
    files.lookAgain(file, () => onWrittenAgain(file))
    let isPart = false
    for (const url of urls) if (await this.#gatherModule(url, saved, batch)) isPart = true
    if (told.before && !isPart && batch.files.get(file) === told) batch.files.delete(file)
  }

  /** What is imported by way of a link is another module now. */
  async #gatherLink(link: string, batch: Batch): Promise<void> {
    const { environment, transforms } = this.#known
    const { moduleGraph, pluginContainer } = environment
    // Vite's resolver remembers where it led.
    await pluginContainer.watchChange(link, { event: 'create' })
    for (const { importer, specifier } of transforms.importsThrough(link)) {
      const target = await pluginContainer.resolveId(specifier, importer)
      // What has the link's own name is saved like any file.
      if (target && isWithin(target.id, link)) continue
      const address = `/@fs${target?.id ?? path.posix.join(path.posix.dirname(importer), specifier)}`
      batch.relinked.push({ importer, specifier, address })
      batch.isGraphChanged = true
      const module = moduleGraph.getModuleById(importer)
      if (!module) continue
      moduleGraph.invalidateModule(module)
      transforms.restore(module.url)
    }
  }

  /** @returns whether the module belongs to the update */
  async #gatherModule(url: string, { file, isDeleted, before }: SavedFile, batch: Batch): Promise<boolean> {
    const { environment, transforms, stopwatch } = this.#known
    const graph = environment.moduleGraph
    let known = await graph.getModuleByUrl(url)
    if (isDeleted && (!known || known.file === file)) return false
    // Vite has restarted, and does not know it yet.
    if (!known) {
      await environment.transformRequest(url)
      known = await graph.getModuleByUrl(url)
    }
    const id = toModuleId(known?.id ?? file)
    const transformed = await (isDeleted ? transforms.request(url, id) : this.#transformWritten(url, id, file))
    if (!transformed) return false
    const { hot, upstream, isGraphChanged } = transformed
    if (before && before.get(id) === transforms.fingerprints.get(id)) return false
    if (isGraphChanged) batch.isGraphChanged = true
    if (hot.kind === 'invalid') throw new SyntaxFailure(hot, id, upstream)
    if (hot.kind === 'opaque') {
      batch.modules.delete(id)
      batch.opaque.set(id, hot.opaque)
    } else {
      batch.opaque.delete(id)
      batch.modules.set(id, toVersion(hot.module, upstream))
    }
    stopwatch?.end('parse')
    return true
  }

  /** A file that others run, and not this process, must be one that they can. */
  async #gatherScript(file: string, urls: readonly string[], isBehind: boolean, { scripts }: Batch): Promise<void> {
    const { files, scripts: known, transforms, toLabel } = this.#known
    const { content, isOther } = await files.read(file)
    const named = known.find(file)
    if (!named || !(isOther || isBehind)) return
    // As a module it is parsed anyway.
    const isModule = transforms.fingerprints.has(file) && urls.some((url) => !url.includes('?'))
    if (!isModule && !/\.c[jt]s$/.test(file)) await transformWithOxc(content, file)
    scripts.set(file, { id: file, label: toLabel(file), isWorker: named === 'url' })
  }

  /**
   * What our transform makes of a module whose file nobody writes meanwhile. Vite reads the file itself, later than it
   * is read here, and may find it empty because it is saved again: an update that removes all that an entry does.
   */
  async #transformWritten(url: string, id: string, file: string): Promise<Transformed | undefined> {
    const { files, transforms } = this.#known
    for (let left = MOST_TRANSFORMS - 1; ; left--) {
      const transformed = await transforms.request(url, id)
      if (left === 0 || files.isCurrent(file)) return transformed
      await files.read(file)
      await transforms.invalidate(url)
    }
  }
}

/** Vite tells of a deletion and of what is written after it in any order: what counts is whether there is a file. */
function asItIs(told: SavedFile): SavedFile {
  return told.isDeleted && existsSync(told.file) ? { ...told, isDeleted: false, isCreated: true } : told
}
