import { ChildProcess } from 'node:child_process'
import { Socket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import { Server } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Ownership } from './ownership.ts'
import type { Resource } from './resource.ts'
import type { Run } from './run.ts'

/** Values that are disposed of otherwise, or that nobody disposes of. */
const OTHERS = [Server, ChildProcess, Worker, Socket]

/**
 * Notes values with `Symbol.asyncDispose` or `Symbol.dispose` that units declare, or that effects resolve with.
 *
 * Nobody can tell who created a value. So one that somebody else may hold is left alone: it is in a variable that
 * stays, or directly in what such a variable holds.
 */
export function watchDisposables(ownership: Ownership): void {
  ownership.onSettled((run, value) => {
    const { record, module } = run.unit
    if (record.kind !== 'value' && record.kind !== 'effect') return
    const values = record.kind === 'value' ? module.read(record.names) : [value]
    for (const one of new Set(values)) {
      if (!isDisposable(one) || !mayBeCreatedBy(run, one, ownership)) continue
      run.own(new OwnedDisposable(run, one))
    }
  })
}

interface Disposable {
  [Symbol.asyncDispose]?(): unknown
  [Symbol.dispose]?(): unknown
}

/** A proxy that answers any name with a function has no such symbol in it. */
function isDisposable(value: unknown): value is Disposable {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return [Symbol.asyncDispose, Symbol.dispose].some(
    (symbol) => symbol in value && typeof Reflect.get(value, symbol) === 'function',
  )
}

function mayBeCreatedBy(run: Run, value: object, ownership: Ownership): boolean {
  if (OTHERS.some((other) => value instanceof other) || value.constructor?.name === 'Timeout') return false
  if (run.resources.some(({ subject }) => subject === value)) return false
  // Of emitters it is known.
  return !(value instanceof EventEmitter) || ownership.creatorOf(value) === run
}

/** What has been disposed of: two variables may hold one value. */
const disposed = new WeakSet<object>()

class OwnedDisposable implements Resource {
  readonly subject: Disposable
  readonly #run: Run

  constructor(run: Run, subject: Disposable) {
    this.#run = run
    this.subject = subject
  }

  get label(): string {
    return this.#run.unit.record.names[0] ?? 'value'
  }

  isEnded(): boolean {
    return false
  }

  dispose(): unknown {
    return this.#disposeUnless((latest) => latest.state === 'over')
  }

  /** Variables hold what they held before. */
  undo(): unknown {
    return this.#disposeUnless(() => false)
  }

  #disposeUnless(isOver: (latest: Run) => boolean): unknown {
    const { subject } = this
    if (disposed.has(subject) || isHeld(subject, this.#run, isOver)) return undefined
    disposed.add(subject)
    if (subject[Symbol.asyncDispose]) return subject[Symbol.asyncDispose]?.()
    return subject[Symbol.dispose]?.()
  }
}

/** Whether a variable holds it, or something in such a variable does, or it is what another run owns. */
function isHeld(subject: object, run: Run, isOver: (latest: Run) => boolean): boolean {
  for (const module of run.unit.module.registry.modules.values()) {
    if (module.status === 'unused') continue
    const names: string[] = []
    for (const { record, latest } of module.units.values()) {
      if (!latest || isOver(latest)) continue
      if (latest !== run && latest.resources.some((resource) => resource.subject === subject)) return true
      if (record.kind === 'value') names.push(...record.names)
    }
    for (const value of module.read(names)) if (value === subject || contains(value, subject)) return true
  }
  return false
}

function contains(value: unknown, subject: object): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.includes(subject)
  if (value instanceof Map) return [...value.values()].includes(subject)
  if (value instanceof Set) return value.has(subject)
  return Object.values(Object.getOwnPropertyDescriptors(value)).some((property) => property.value === subject)
}
