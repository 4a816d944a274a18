import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { version as acornVersion } from 'acorn'
import type { SourceMap } from 'magic-string'
import { type PackedRecord, packRecord, unpackRecord } from '../protocol/index.ts'
import type { HotCode, ModuleFacts } from './hot-code.ts'
import type { HotModule } from './instrument/module.ts'
import { GLOBALS } from './instrument/references.ts'

/** Fewer modules than this are made hot faster than anybody notices. */
const WORTH_KEEPING = 100

/** The file is written anew when it lacks more than the so-manieth part. */
const MAY_LACK = 20

/** So long after the last module, in milliseconds, a start counts as over. */
const QUIET = 2_000

/** A line of the file: for which input it is, what its body must hash to, and the body, which is JSON without line breaks. */
const LINE = /^(\S+) (\S+) (.*)$/

/** Not the one that notes whose a timer is. */
const { setTimeout } = globalThis

interface Entry {
  readonly code: string
  readonly map: SourceMap
  readonly bare: HotModule['bare']
  readonly record: PackedRecord
}

/**
 * Hot code of the start before, in a file below Vite's `cacheDir`: most of what a start costs more is to make it.
 *
 * An entry stands for its input, letter for letter, and for the plugin that made it. One that is not whole counts as
 * none. After the start, nothing is looked up any more, and what was not found then is written.
 */
export class HotCodeCache {
  readonly #file: string
  /** Lines of the file by key. Absent until the first module is asked for. */
  #lines: Map<string, string> | undefined
  /** What this start has used and made. */
  readonly #used = new Map<string, string>()
  readonly #made = new Map<string, HotModule>()
  /** What a module becomes depends on this, beside its own text. Absent where that is not known. */
  readonly #maker: string | undefined = toMaker()
  #isOver = false
  #end: NodeJS.Timeout | undefined

  /** @param root of the Vite server: others may share its `cacheDir` */
  constructor(cacheDir: string, root: string) {
    this.#file = path.join(cacheDir, 'hot-node', `${toHash(root)}.txt`)
  }

  /** What was made of a module before, or is made now. */
  find(code: string, module: ModuleFacts, make: () => HotCode): HotCode {
    if (this.#isOver || this.#maker === undefined) return make()
    this.#end ??= setTimeout(() => void this.finish(), QUIET).unref()
    this.#end.refresh()
    this.#lines ??= readLines(this.#file)
    const key = toHash(JSON.stringify([this.#maker, module, code]))
    const line = this.#lines.get(key)
    const known = line === undefined ? undefined : toModule(line)
    if (line !== undefined && known) {
      this.#used.set(key, line)
      return { kind: 'hot', module: known }
    }
    const hot = make()
    if (hot.kind !== 'hot') return hot
    // Without the syntax tree, which the way to make a map holds on to.
    const map = hot.module.map()
    const made: HotModule = { ...hot.module, map: () => map }
    this.#made.set(key, made)
    return { kind: 'hot', module: made }
  }

  /** A file was saved: from here on, modules are those of updates, which would be kept for nothing. */
  stop(): void {
    this.#isOver = true
  }

  /** The start is over. */
  async finish(): Promise<void> {
    this.#isOver = true
    clearTimeout(this.#end)
    const made = [...this.#made]
    const used = [...this.#used.values()]
    const others = [...(this.#lines ?? [])].filter(([key]) => !this.#used.has(key)).map(([, line]) => line)
    this.#lines = undefined
    this.#used.clear()
    this.#made.clear()
    if (made.length + used.length < WORTH_KEEPING || made.length * MAY_LACK <= used.length) return
    try {
      // Another program in the same folder may have use for the others.
      await write(this.#file, [...used, ...others.slice(0, used.length + made.length)], made)
    } catch {
      // A folder that nobody may write to: the next start takes as long as this one.
    }
  }
}

async function write(
  file: string,
  lines: readonly string[],
  made: readonly (readonly [string, HotModule])[],
): Promise<void> {
  const unfinished = `${file}.${process.pid}`
  await mkdir(path.dirname(file), { recursive: true })
  try {
    await writeFile(unfinished, toText(lines, made))
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** Line by line, so that the server is not held up. */
async function* toText(
  lines: readonly string[],
  made: readonly (readonly [string, HotModule])[],
): AsyncGenerator<string> {
  for (const line of lines) yield `${line}\n`
  for (const [key, { code, bare, record, map }] of made) {
    const entry: Entry = { code, map: map(), bare, record: packRecord(record) }
    const body = JSON.stringify(entry)
    yield `${key} ${toHash(body)} ${body}\n`
  }
}

function toMaker(): string | undefined {
  try {
    return toHash([readFileSync(new URL(import.meta.url), 'utf8'), acornVersion, ...GLOBALS].join('\n'))
  } catch {
    return undefined
  }
}

function readLines(file: string): Map<string, string> {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line]))
  } catch {
    return new Map()
  }
}

function toModule(line: string): HotModule | undefined {
  const [, , sum, body = ''] = LINE.exec(line) ?? []
  if (sum !== toHash(body)) return undefined
  const { code, map, bare, record } = JSON.parse(body) as Entry
  return { code, bare, map: () => map, record: unpackRecord(record) }
}

function toHash(text: string): string {
  return hash('sha1', text, 'base64url')
}
