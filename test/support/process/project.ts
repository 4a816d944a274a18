import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pause } from './eventually.ts'
import { type Manner, write } from './manners.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../../..')

/**
 * Where copies live: inside the repository, so that packages resolve by walking up, and outside `node_modules`, which
 * Vite does not watch.
 */
const COPIES = path.join(REPOSITORY, 'test/.tmp')

/** A copy of a playground that a test may edit. Files are named relative to its root, with `/`. */
export class Project {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  /** @param server a playground by name, or a folder of the repository */
  static copyOf(server: string): Project {
    const source = path.join(REPOSITORY, server.includes('/') ? server : path.join('playground', server))
    const root = path.join(COPIES, `${path.basename(server)}-${process.pid}-${(copies += 1)}`)
    mkdirSync(root, { recursive: true })
    cpSync(source, root, { recursive: true })
    return new Project(root)
  }

  path(file: string): string {
    return path.join(this.root, file)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  save(file: string, text: string, { how = 'in-place' }: { how?: Manner } = {}): void {
    const target = this.path(file)
    mkdirSync(path.dirname(target), { recursive: true })
    write(target, text, existsSync(target) ? how : 'in-place')
  }

  /** Replaces the one place where `from` stands. Throws when it stands nowhere, or more than once. */
  edit(file: string, from: string, to: string, options: { how?: Manner } = {}): void {
    this.save(file, this.#replaced(file, from, to), options)
  }

  /** Replaces a name wherever it stands in the file. */
  rename(file: string, from: string, to: string): void {
    const text = this.read(file)
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`)
    this.save(file, text.replaceAll(from, to))
  }

  /** The edit as a slow editor or a network disk makes it: the file is empty, then half there, then complete. */
  async editSlowly(file: string, from: string, to: string, pauseMs: number): Promise<void> {
    const text = this.#replaced(file, from, to)
    writeFileSync(this.path(file), '')
    writeFileSync(this.path(file), text.slice(0, text.length / 2))
    await pause(pauseMs)
    writeFileSync(this.path(file), text)
  }

  /** `file:line:column` of the first place where `text` stands, counted from 1 as in a stack trace. */
  locate(file: string, text: string): string {
    const source = this.read(file)
    const index = source.indexOf(text)
    if (index === -1) throw new Error(`${file} does not contain ${text}`)
    const before = source.slice(0, index).split('\n')
    return `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 })
  }

  #replaced(file: string, from: string, to: string): string {
    const [before, after, ...more] = this.read(file).split(from)
    if (before === undefined || after === undefined) throw new Error(`${file} does not contain ${from}`)
    if (more.length > 0) throw new Error(`${file} contains ${from} ${more.length + 1} times`)
    return before + to + after
  }
}

/** Copies made by this process, so that each gets its own folder. */
let copies = 0
