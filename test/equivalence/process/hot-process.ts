import { readFileSync } from 'node:fs'
import {
  type ModuleVersion,
  type Outcome,
  OUTCOME_EVENT,
  PROTOCOL_VERSION,
  RUNTIME_ID,
  type Update,
  UPDATE_EVENT,
} from '../../../src/protocol/index.ts'
import { type HotCode, toVersion } from '../../../src/plugin/hot-code.ts'
import { toModuleId, transformModule } from '../../../src/plugin/hooks/transform.ts'
import { ENTRY, type Files } from '../program/render.ts'
import { keepGlobals } from './globals.ts'
import { createMemoryRunner, type MemoryRunner } from './memory-runner.ts'

const RUNTIME = readFileSync(new URL('../../../dist/runtime.js', import.meta.url), 'utf8')

const UPDATE_LIMIT_MS = 10_000

const SETTINGS = { toLabel: (id: string) => id.slice('/app/'.length), isIncluded: () => true, isLinkedLater: false }

/**
 * A program that runs hot: what the plugin makes of its modules, in Vite's module runner, with the runtime as it is
 * shipped. What is left out is the plugin's session, which gathers saves; the scenarios have that.
 */
export class HotProcess {
  #files: Files
  readonly #runner: MemoryRunner
  readonly #restore: () => void
  /** Files that could not be applied: they go out again. */
  readonly #behind = new Set<string>()
  /** What files were transformed to: some are asked for again, and edits are undone. */
  readonly #transformed = new Map<string, HotCode>()
  #number = 0
  #settle: ((outcome: Outcome) => void) | undefined

  constructor(files: Files) {
    this.#files = files
    this.#restore = keepGlobals()
    this.#runner = createMemoryRunner({
      files: () => this.#files,
      virtual: (id) => (id === RUNTIME_ID ? RUNTIME : undefined),
      transform: (code, id) => {
        const hot = this.#transform(code, id)
        return (hot.kind === 'hot' && hot.module.code) || code
      },
      onMessage: (event, data) => {
        if (event === OUTCOME_EVENT) this.#settle?.(data as Outcome)
      },
    })
  }

  /** Returns the exports of the entry. */
  start(): Promise<Record<string, unknown>> {
    return this.#runner.import(ENTRY)
  }

  /** Saves all files that are different. */
  async save(files: Files): Promise<Outcome> {
    const before = this.#files
    this.#files = files
    const changed = new Set([...Object.keys(before), ...Object.keys(files)].filter((id) => before[id] !== files[id]))
    for (const id of this.#behind) changed.add(id)
    const outcome = await this.#update([...changed])
    this.#behind.clear()
    if (outcome.rung === 'failed') for (const id of changed) this.#behind.add(id)
    return outcome
  }

  async close(): Promise<void> {
    await this.#runner.close()
    this.#restore()
  }

  async #update(ids: readonly string[]): Promise<Outcome> {
    const modules: ModuleVersion[] = []
    const deleted: { id: string; label: string }[] = []
    for (const id of ids) {
      const code = this.#files[id]
      if (code === undefined) deleted.push({ id, label: SETTINGS.toLabel(id) })
      else {
        const hot = this.#transform(code, id)
        if (hot.kind === 'invalid') return toSyntaxFailure(hot.message)
        if (hot.kind === 'opaque') throw new Error(`${id} is not hot: ${hot.opaque.reason}`)
        modules.push(toVersion(hot.module, undefined))
      }
    }
    if (modules.length + deleted.length === 0) return { rung: 'nothing', number: 0, isStarted: true }
    this.#number += 1
    return this.#send({ protocol: PROTOCOL_VERSION, number: this.#number, modules, opaque: [], deleted, scripts: [] })
  }

  #transform(code: string, id: string): HotCode {
    const key = `${id} ${code}`
    const known = this.#transformed.get(key) ?? transformModule(code, toModuleId(id), SETTINGS)
    this.#transformed.set(key, known)
    return known
  }

  async #send(update: Update): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The update was not answered.')), UPDATE_LIMIT_MS)
      this.#settle = (answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
    })
    // As a message that was sent: nothing of it is shared.
    this.#runner.send(UPDATE_EVENT, structuredClone(update))
    return outcome
  }
}

function toSyntaxFailure(message: string): Outcome {
  return { rung: 'failed', number: 0, failure: { code: 'transform_failed', message } }
}
