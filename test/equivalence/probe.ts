import { isDefaultExport, toName } from './program/render.ts'
import type { Item, ItemId, Program } from './program/model.ts'

type Callable = (...args: unknown[]) => unknown
type Constructor = new (...args: unknown[]) => { sum: Callable }
/** Exports of the entry. */
export type Entry = Record<string, unknown>

type Namespaces = Readonly<Record<string, Record<string, unknown>>>

/** What every item is asked with. */
const ARGUMENT = 3

/** Exports of a running program, by item. */
export interface Running {
  readonly exports: ReadonlyMap<ItemId, unknown>
  /** Names that its modules export. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** Answers of its states. */
  readonly hits: ReadonlyMap<ItemId, number>
}

/** Looks at what a program exports now. */
export function look(program: Program, entry: Entry): Running {
  const namespaces = namespacesOf(entry)
  const exports = new Map<ItemId, unknown>()
  const hits = new Map<ItemId, number>()
  const names: Record<string, readonly string[]> = {}
  for (const module of program.modules) {
    const namespace = namespaces[module.name]!
    names[module.name] = Object.keys(namespace).toSorted()
    for (const item of module.items) {
      if (item.kind === 'registration') continue
      exports.set(item.id, namespace[isDefaultExport(item) ? 'default' : toName(item)])
      if (item.kind === 'state') hits.set(item.id, (namespace[`hits${item.id}`] as () => number)())
    }
  }
  return { exports, names, hits }
}

/** Requests that leave something behind. */
export function hitAll(program: Program, entry: Entry): void {
  const namespaces = namespacesOf(entry)
  for (const { name, items } of program.modules)
    for (const { kind, id } of items) if (kind === 'state') (namespaces[name]![`hit${id}`] as Callable)()
}

function namespacesOf(entry: Entry): Namespaces {
  return (entry.namespaces as () => Namespaces)()
}

/** What every item of a running program answers, as plain data. State is asked for what it is, not for what it holds. */
export async function answersOf(program: Program, { exports, names }: Running): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = { names }
  for (const { items } of program.modules)
    for (const item of items)
      if (exports.has(item.id)) answers[toName(item)] = await answer(() => ask(item, exports.get(item.id)))
  return answers
}

/** What a callable that somebody got hold of earlier answers now. */
export function askHeld(item: Item, held: unknown): Promise<unknown> {
  return answer(() => ask(item, held))
}

async function answer(question: () => unknown): Promise<unknown> {
  try {
    return structuredClone(await question())
  } catch (error) {
    return { throws: String(error) }
  }
}

function ask(item: Item, value: unknown): unknown {
  switch (item.kind) {
    case 'function': {
      const result = (value as Callable)(ARGUMENT)
      const { length } = value as Callable
      return item.form === 'generator'
        ? { all: [...(result as Iterable<unknown>)], length }
        : Promise.resolve(result).then((all) => ({ all, length }))
    }
    case 'class': {
      const Class = value as Constructor
      return {
        sum: new Class(ARGUMENT).sum(ARGUMENT),
        fields: Object.keys(new Class(ARGUMENT)).toSorted(),
        members: Object.getOwnPropertyNames(Class.prototype).toSorted(),
        statics: Object.getOwnPropertyNames(Class).toSorted(),
      }
    }
    case 'instance':
      return {
        sum: (value as { sum: Callable }).sum(ARGUMENT),
        fields: Object.keys(value as object).toSorted(),
      }
    case 'factory':
      return (value as (a: number) => { get: Callable })(1).get(ARGUMENT)
    case 'made':
      return (value as { get: Callable }).get(ARGUMENT)
    case 'handle':
      return item.form === 'wrapped'
        ? (value as { call: Callable }).call(ARGUMENT)
        : item.form === 'listed'
          ? (value as Callable[])[0]!(ARGUMENT)
          : (value as Callable)(ARGUMENT)
    case 'registry':
      return toHandlers(item.form, value).map((handler) => handler(ARGUMENT))
    case 'state':
      return typeof value
    default:
      return value
  }
}

function toHandlers(form: string, value: unknown): Callable[] {
  switch (form) {
    case 'map':
      return [...(value as Map<string, Callable>).values()]
    case 'router':
      return (value as { values(): Callable[] }).values()
    case 'emitter':
      return (value as { listeners(name: string): Callable[] }).listeners('event')
    default:
      return value as Callable[]
  }
}
