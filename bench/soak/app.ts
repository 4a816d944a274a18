import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, withVersion } from './places.ts'

/** A copy of the app, to be edited. */
export class App {
  readonly folder: string
  readonly #file: string
  #text: string

  constructor(folder: string) {
    this.folder = folder
    this.#file = join(folder, 'app.ts')
    cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true })
    this.#text = readFileSync(this.#file, 'utf8')
  }

  edit(place: Place, version: number): void {
    this.#text = withVersion(this.#text, place, version)
    writeFileSync(this.#file, this.#text)
  }
}
