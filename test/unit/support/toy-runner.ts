import { moduleRunnerTransform } from 'vite'

/** A module's exports object, as Vite's module runner makes it. */
export type Exports = Record<string, unknown>

interface Loaded {
  readonly exports: Exports
  readonly done: Promise<void>
}

const AsyncFunction = (async () => undefined).constructor as new (
  ...names: string[]
) => (...args: unknown[]) => Promise<void>

/**
 * The smallest loader that runs modules as Vite's module runner does: a map of sources for a file system, an exports
 * object of getters, live bindings, import cycles, and `import.meta`. What it does not know comes from Node.
 */
export class ToyRunner {
  readonly #sources: ReadonlyMap<string, string>
  readonly #builtIn: ReadonlyMap<string, object>
  readonly #loaded = new Map<string, Loaded>()

  constructor(sources: ReadonlyMap<string, string>, builtIn: ReadonlyMap<string, object> = new Map()) {
    this.#sources = sources
    this.#builtIn = builtIn
  }

  async import(id: string, importedBy: readonly string[] = []): Promise<object> {
    const known = this.#loaded.get(id)
    if (known) {
      if (!importedBy.includes(id)) await known.done
      return known.exports
    }
    const builtIn = this.#builtIn.get(id)
    if (builtIn) return builtIn
    const source = this.#sources.get(id)
    if (source === undefined) return (await import(/* @vite-ignore */ id)) as object
    const exports = Object.create(null) as Exports
    Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' })
    const done = this.#evaluate(id, source, exports, [...importedBy, id])
    this.#loaded.set(id, { exports, done })
    await done
    return exports
  }

  async #evaluate(id: string, source: string, exports: Exports, chain: readonly string[]): Promise<void> {
    const transformed = await moduleRunnerTransform(source, null, id, source)
    if (!transformed) throw new Error(`${id} did not transform`)
    const define = (name: string, get: () => unknown): void => {
      Object.defineProperty(exports, name, { enumerable: true, configurable: true, get })
    }
    const passOn = (from: Exports): void => {
      for (const name of Object.keys(from)) if (name !== 'default' && !(name in exports)) define(name, () => from[name])
    }
    const importNow = (specifier: string): Promise<object> => this.import(specifier, chain)
    const run = new AsyncFunction(
      '__vite_ssr_exports__',
      '__vite_ssr_import_meta__',
      '__vite_ssr_import__',
      '__vite_ssr_dynamic_import__',
      '__vite_ssr_exportAll__',
      '__vite_ssr_exportName__',
      `"use strict";\n${transformed.code.replace(/^#!/, '//')}`,
    )
    const meta = { url: `file://${id}`, dirname: '/', filename: id, env: {} }
    await run(exports, meta, importNow, (specifier: string) => this.import(specifier), passOn, define)
    Object.seal(exports)
  }
}
