import { dirname, resolve } from 'node:path'

/** Not what is imported: that is a module. */
const LITERAL = /(?<!\bfrom\s*|\bimport\s*\(?\s*)(['"`])([^'"`\n]+\.[cm]?[jt]s)(?:\?[^'"`\n]*)?\1/g
const URL_OF_MODULE = /\bnew\s+URL\(\s*(['"`])([^'"`\n]+\.[cm]?[jt]s)(?:\?[^'"`\n]*)?\1\s*,\s*import\.meta\.url\b/g

/**
 * Files that modules name in their text, as in `new Worker(new URL('./worker.js', import.meta.url))` or
 * `fork('src/child.js')`. Such a file is no module here: a worker or child process loads it by itself. Only the runtime
 * knows which of them do; this tells which saves to ask it about.
 */
export class NamedScripts {
  readonly #root: string
  /** By module, files and whether they are named by `new URL(…, import.meta.url)`. Replaced with each transform. */
  readonly #named = new Map<string, ReadonlyMap<string, boolean>>()

  constructor(root: string) {
    this.#root = root
  }

  /** The modules that run were read by a Vite server before this one. */
  inherit(previous: NamedScripts): void {
    for (const [id, files] of previous.#named) this.#named.set(id, files)
  }

  /** @param code the module's code, before it is made hot */
  note(id: string, code: string): void {
    const files = new Map<string, boolean>()
    const folder = dirname(id.replace(/[?#].*$/, ''))
    for (const [, , path = ''] of code.matchAll(LITERAL))
      for (const from of [folder, this.#root]) files.set(toFile(from, path), false)
    for (const [, , path = ''] of code.matchAll(URL_OF_MODULE)) files.set(toFile(folder, path), true)
    if (files.size > 0) this.#named.set(id, files)
    else this.#named.delete(id)
  }

  /** How a file is named, if it is. */
  find(file: string): 'path' | 'url' | undefined {
    const found = [...this.#named.values()].flatMap((files) => files.get(file) ?? [])
    return found.length === 0 ? undefined : found.includes(true) ? 'url' : 'path'
  }
}

function toFile(folder: string, path: string): string {
  return resolve(folder, path).replaceAll('\\', '/')
}
