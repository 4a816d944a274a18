import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Editable } from '../support/edit-run.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import type { Program } from './peers.ts'
import { stripTypes } from './strip-types.ts'

const SOURCE = join(import.meta.dirname, 'app')

/** Below the packages of this folder; `undefined` is below those of the root. */
const PARENTS = { root: undefined, field: join(import.meta.dirname, '.tmp') }

/** The modules that are edited: the text of a function, or a value that another module reads while it starts. */
const PLACES_TO_EDIT = { function: 'src/greeting', value: 'src/title' }

/** What ends a line that is there for the program's hot replacement only. */
const HMR_LINE = /\/\/ hmr$/gm

/** A copy of the app in `app/`, for one program. */
export class FieldApp implements Editable {
  readonly folder: string
  /** The file to run. */
  readonly server: string
  readonly #edited: string
  readonly #text: string

  constructor({ name, language, packages, server }: Program, place: keyof typeof PLACES_TO_EDIT = 'function') {
    this.folder = createTempFolder(name, PARENTS[packages])
    this.server = `${server}.${language}`
    if (language === 'ts') cpSync(SOURCE, this.folder, { recursive: true })
    else copyWithoutTypes(this.folder)
    this.#edited = join(this.folder, `${PLACES_TO_EDIT[place]}.${language}`)
    this.#text = readFileSync(this.#edited, 'utf8')
  }

  /** In place, as most editors do. */
  edit(version: number): void {
    writeFileSync(this.#edited, this.#text.replace('version 0', `version ${version}`))
  }
}

/** Lines of the server that its user has written for the program's hot replacement. */
export function countHmrLines({ server }: Program): number {
  return readFileSync(join(SOURCE, `${server}.ts`), 'utf8').match(HMR_LINE)?.length ?? 0
}

function copyWithoutTypes(folder: string): void {
  for (const path of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    const from = join(SOURCE, path)
    const to = join(folder, path.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(to), { recursive: true })
    if (path.endsWith('.mjs')) cpSync(from, to)
    else if (path.endsWith('.ts')) writeFileSync(to, stripTypes(readFileSync(from, 'utf8')))
  }
}
