import type { ModuleRecord } from '../protocol/index.ts'
import { parseRef } from '../protocol/index.ts'
import type { Journal } from './update/journal.ts'

/** A module namespace object, or what stands for one. */
export type Namespace = Record<string, unknown>

/**
 * The namespaces that hot modules see of each other: one per hot module, whose names come and go with its exports.
 * The runner's own exports objects cannot play that part: Vite's module runner seals them.
 */
export class Namespaces {
  /** The runner's exports object to ours. */
  readonly #ours = new WeakMap<object, Namespace>()
  /** Namespaces given out for modules that had not run yet (import cycles), to be settled when start-up is over. */
  readonly #promised = new Map<object, Namespace>()
  /** Those, and settled ones: start-up may be over for a moment while a runner fetches the next module of a cycle. */
  readonly #unclaimed = new WeakSet<Namespace>()

  /** What a hot module should use for a namespace it imported. */
  resolve(imported: Namespace): Namespace {
    if (typeof imported !== 'object' || imported === null) return imported
    const known = this.#ours.get(imported)
    if (known) return known
    if (!isRunnerExports(imported)) return imported
    // Not a hot module, or not yet. Until it turns out, names are looked up in what the runner has.
    const promised = Object.create(imported) as Namespace
    this.#ours.set(imported, promised)
    this.#promised.set(imported, promised)
    this.#unclaimed.add(promised)
    return promised
  }

  /** Whether it stands for a module that has not run yet, or is not hot. */
  isPromised(namespace: Namespace): boolean {
    return this.#unclaimed.has(namespace)
  }

  /** The namespace of a hot module: that of its instance before, if there is one. */
  claim(exports: Namespace, before?: Namespace): Namespace {
    const namespace = before ?? this.#ours.get(exports) ?? (Object.create(null) as Namespace)
    this.#ours.set(exports, namespace)
    this.#promised.delete(exports)
    this.#unclaimed.delete(namespace)
    Object.setPrototypeOf(namespace, null)
    if (!Object.hasOwn(namespace, Symbol.toStringTag))
      Object.defineProperty(namespace, Symbol.toStringTag, { value: 'Module' })
    return namespace
  }

  /** Has the runner's exports object show names that come later, for those who hold that. */
  extend(exports: Namespace, namespace: Namespace): void {
    if (Object.isExtensible(exports)) Object.setPrototypeOf(exports, namespace)
  }

  /** Namespaces promised for modules that turned out not to be hot get the names those have. */
  settle(): void {
    for (const [exports, namespace] of this.#promised)
      for (const name of Object.keys(exports))
        Object.defineProperty(namespace, name, {
          enumerable: true,
          configurable: true,
          get: () => (exports as Namespace)[name],
        })
    this.#promised.clear()
  }
}

/** How the namespace of a module reads one of its names. */
export type ExportGetter = () => unknown

/** Brings the names of a namespace to those wanted, in the same order: who lists them sees those of a cold start. */
export function defineExports(namespace: Namespace, getters: ReadonlyMap<string, ExportGetter>): void {
  const wanted = [...getters.keys()]
  const names = Object.keys(namespace)
  if (names.some((name, index) => name !== wanted[index])) for (const name of names) delete namespace[name]
  for (const [name, get] of getters)
    Object.defineProperty(namespace, name, { enumerable: true, configurable: true, get })
}

/** Notes the names of a namespace that an update is about to change. */
export function saveNames(namespace: Namespace, journal: Journal): void {
  const read = (): Map<string, ExportGetter> =>
    new Map(
      Object.entries(Object.getOwnPropertyDescriptors(namespace)).flatMap(([name, { get }]) =>
        get ? [[name, get as ExportGetter]] : [],
      ),
    )
  journal.save(read, (getters) => defineExports(namespace, getters))
}

/** Getters made by `forwardExports`. */
const forwarders = new WeakSet<ExportGetter>()

/**
 * Has the runner's exports of a module show what its namespace has: that of the instance which runs.
 *
 * @returns how to read those of the instance they were of
 */
export function forwardExports(
  exports: Namespace,
  namespace: Namespace,
  isOwn: (name: string) => boolean = () => true,
): Map<string, ExportGetter> {
  const values = new Map<string, ExportGetter>()
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    const { get, value } = descriptor as { get?: ExportGetter; value?: unknown }
    if (!isOwn(name) || (get && forwarders.has(get))) continue
    values.set(name, get ?? (() => value))
    if (!descriptor.configurable) continue
    const forward = toForwarder(namespace, name)
    forwarders.add(forward)
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: forward })
  }
  return values
}

function toForwarder(namespace: Namespace, name: string): ExportGetter {
  return () => namespace[name]
}

/** Getters of a module's exports: its own names, names passed on, and those of `export *`. */
export function gettersOf(
  record: ModuleRecord,
  own: ReadonlyMap<string, ExportGetter>,
  namespaceOf: (specifier: string) => Namespace | undefined,
): Map<string, ExportGetter> {
  const getters = new Map<string, ExportGetter>()
  for (const specifier of record.stars) {
    const target = namespaceOf(specifier)
    // With inherited ones: in a cycle, it may stand for a module that has not run yet.
    for (const name in target)
      if (name !== 'default' && !getters.has(name)) getters.set(name, () => namespaceOf(specifier)?.[name])
  }
  for (const [name, ref] of Object.entries(record.exports)) {
    const parsed = parseRef(ref)
    if (parsed.kind === 'own') {
      const get = own.get(name)
      if (get) getters.set(name, get)
    } else if (parsed.name === '*') getters.set(name, () => namespaceOf(parsed.specifier))
    else getters.set(name, () => namespaceOf(parsed.specifier)?.[parsed.name])
  }
  return getters
}

/** Both runners make a null-prototype object tagged `Module`; Node's own namespaces cannot be extended. */
function isRunnerExports(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return (
    (prototype === null || Object.prototype.toString.call(prototype) === '[object Module]') &&
    Object.prototype.toString.call(value) === '[object Module]' &&
    !isNodeNamespace(value)
  )
}

function isNodeNamespace(value: object): boolean {
  const [first] = Object.keys(value)
  const descriptor = first === undefined ? undefined : Object.getOwnPropertyDescriptor(value, first)
  return descriptor !== undefined && 'value' in descriptor
}
