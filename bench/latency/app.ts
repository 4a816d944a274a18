import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripTypes } from './strip-types.ts'
import { CHAIN_LENGTH, configSource, deepSource, extraPath, extraSource, linkSource, serverSource } from './sources.ts'

export interface AppShape {
  readonly language: 'ts' | 'js'
  /** `ordinary`: no HMR code. `re-listening`: closes the server of its earlier run. `floor`: answers with what Vite transformed. */
  readonly server: 'ordinary' | 're-listening' | 'floor'
  readonly config: 'hot-node' | 'floor' | 'empty'
}

export interface AppSize {
  /** Modules in the graph, all told. */
  readonly modules: number
  /** Whether every extra module imports the edited one, or none does. */
  readonly sharing: boolean
}

/** A generated app on disk, whose deepest module is edited. */
export class App {
  readonly folder: string
  readonly entry: string
  readonly #deepFile: string
  readonly #language: 'ts' | 'js'

  private constructor(folder: string, language: 'ts' | 'js') {
    this.folder = folder
    this.entry = `server.${language}`
    this.#deepFile = join(folder, `src/chain/deep.${language}`)
    this.#language = language
  }

  static create(folder: string, shape: AppShape, size: AppSize): App {
    const app = new App(folder, shape.language)
    const extras = Math.max(0, size.modules - CHAIN_LENGTH - 2)
    writeFileSync(join(folder, 'vite.config.ts'), configSource(shape.config))
    app.#write('server', serverSource(shape.server, extras > 0))
    for (let link = 1; link <= CHAIN_LENGTH; link++) app.#write(`src/chain/link-${link}`, linkSource(link))
    for (let extra = 0; extra < extras; extra++) app.#write(extraPath(extra), extraSource(extra, extras, size.sharing))
    app.edit(0)
    return app
  }

  /** Saves the deep module in place, as most editors do. What `edit` returned to is the end of the write. */
  edit(version: number): void {
    writeFileSync(this.#deepFile, this.#inItsLanguage(deepSource(version)))
  }

  #write(name: string, source: string): void {
    const file = join(this.folder, `${name}.${this.#language}`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, this.#inItsLanguage(source))
  }

  #inItsLanguage(source: string): string {
    return this.#language === 'ts' ? source : stripTypes(source)
  }
}
