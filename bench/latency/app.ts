import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CHAIN_LENGTH, configSource, deepSource, extraPath, extraSource, linkSource, serverSource } from './sources.ts'

/** `hot-node`: ordinary code, with the plugin. `floor`: answers with what Vite transformed. */
export type AppShape = 'hot-node' | 'floor'

export interface AppSize {
  /** Modules in the graph, all told. */
  readonly modules: number
  /** Whether every extra module imports the edited one, or none does. */
  readonly sharing: boolean
}

/** A generated app on disk, whose deepest module is edited. */
export class App {
  readonly folder: string
  readonly entry = 'server.ts'
  readonly #deepFile: string

  private constructor(folder: string) {
    this.folder = folder
    this.#deepFile = join(folder, 'src/chain/deep.ts')
  }

  static create(folder: string, shape: AppShape, size: AppSize): App {
    const app = new App(folder)
    const extras = Math.max(0, size.modules - CHAIN_LENGTH - 2)
    writeFileSync(join(folder, 'vite.config.ts'), configSource(shape))
    app.#write('server', serverSource(shape, extras > 0))
    for (let link = 1; link <= CHAIN_LENGTH; link++) app.#write(`src/chain/link-${link}`, linkSource(link))
    for (let extra = 0; extra < extras; extra++) app.#write(extraPath(extra), extraSource(extra, extras, size.sharing))
    app.edit(0)
    return app
  }

  /** Saves the deep module in place, as most editors do. What `edit` returned to is the end of the write. */
  edit(version: number): void {
    writeFileSync(this.#deepFile, deepSource(version))
  }

  #write(name: string, source: string): void {
    const file = join(this.folder, `${name}.ts`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, source)
  }
}
