/** Unique in a program, and never given twice. */
export type ItemId = number

/** `literal`, plus the value of each use. What every piece of generated code computes. */
export interface Expression {
  readonly literal: number
  readonly uses: readonly ItemId[]
}

interface Named {
  readonly id: ItemId
  /** It is its module's default export, where its kind can be. */
  readonly isDefault?: boolean
}

export const FUNCTION_FORMS = ['declaration', 'arrow', 'generator', 'default parameter', 'async'] as const
export interface FunctionItem extends Named {
  readonly kind: 'function'
  readonly form: (typeof FUNCTION_FORMS)[number]
  readonly body: Expression
}

export const VALUE_FORMS = ['number', 'object', 'array', 'awaited', 'reassigned'] as const
export interface ValueItem extends Named {
  readonly kind: 'value'
  readonly form: (typeof VALUE_FORMS)[number]
  readonly body: Expression
}

export const MEMBER_FORMS = [
  'method',
  'getter',
  'field',
  'private field',
  'private method',
  'static field',
  'static method',
] as const
export interface Member {
  /** Unique in its class, and never given twice. */
  readonly name: string
  readonly form: (typeof MEMBER_FORMS)[number]
  readonly body: Expression
}

/** It has a method `sum(x)` besides, which adds up what its members answer, and those of the base class. */
export interface ClassItem extends Named {
  readonly kind: 'class'
  readonly base?: ItemId
  readonly members: readonly Member[]
}

/** `new Class(…)`. */
export interface InstanceItem extends Named {
  readonly kind: 'instance'
  readonly of: ItemId
  readonly body: Expression
}

/** A function that makes objects with functions in them. */
export interface FactoryItem extends Named {
  readonly kind: 'factory'
  readonly body: Expression
}

/** What a factory made. */
export interface MadeItem extends Named {
  readonly kind: 'made'
  readonly by: ItemId
  readonly body: Expression
}

export const HANDLE_FORMS = ['same', 'wrapped', 'listed', 'bound'] as const
/** A function, or a method of an instance, that was handed on at start-up. */
export interface HandleItem extends Named {
  readonly kind: 'handle'
  readonly form: (typeof HANDLE_FORMS)[number]
  readonly of: ItemId
}

export const REGISTRY_FORMS = ['map', 'array', 'router', 'emitter'] as const
export interface RegistryItem extends Named {
  readonly kind: 'registry'
  readonly form: (typeof REGISTRY_FORMS)[number]
}

export const REGISTRATION_FORMS = ['plain', 'if', 'for', 'helper', 'by name', 'closed'] as const
/** An effect that fills a registry. */
export interface RegistrationItem extends Named {
  readonly kind: 'registration'
  readonly form: (typeof REGISTRATION_FORMS)[number]
  readonly registry: ItemId
  readonly body: Expression
}

/** Its function calls the one that fills the registry, or does nothing at all. Editing the literal takes it from one to the other. */
export function isIdle({ form, body }: RegistrationItem): boolean {
  return form === 'closed' && body.literal % 4 === 0
}

export const STATE_FORMS = ['counter', 'cache'] as const
/** State that requests make. No cold start has it. */
export interface StateItem extends Named {
  readonly kind: 'state'
  readonly form: (typeof STATE_FORMS)[number]
}

/** An async function that is called at start-up, and what it noted. */
export interface MainItem extends Named {
  readonly kind: 'main'
  readonly isAwaited: boolean
  readonly body: Expression
}

export type Item =
  | FunctionItem
  | ValueItem
  | ClassItem
  | InstanceItem
  | FactoryItem
  | MadeItem
  | HandleItem
  | RegistryItem
  | RegistrationItem
  | StateItem
  | MainItem

export type Kind = Item['kind']

/** How a module names what it imports. */
export const IMPORT_STYLES = ['named', 'namespace', 'renamed', 'through a barrel'] as const

export interface Module {
  /** Unique in a program, and never given twice. */
  readonly name: string
  readonly imports: (typeof IMPORT_STYLES)[number]
  readonly items: readonly Item[]
  /** A remark at its top, which nothing depends on. */
  readonly comment: number
}

/** Modules in the order in which a start evaluates them, as far as cycles allow. An entry that imports all comes last. */
export interface Program {
  readonly modules: readonly Module[]
  /** Ids and names below it have been given. */
  readonly next: number
}

/** Where an item stands. */
export interface Place {
  readonly module: Module
  readonly item: Item
  /** Modules count more than items. */
  readonly position: number
}

/** Positions are `index of the module * POSITIONS_PER_MODULE + index of the item`. */
export const POSITIONS_PER_MODULE = 10_000

/** Of programs that were asked about: edits, rendering and comparing all do. */
const knownPlaces = new WeakMap<Program, ReadonlyMap<ItemId, Place>>()

export function placesOf(program: Program): ReadonlyMap<ItemId, Place> {
  const known = knownPlaces.get(program)
  if (known) return known
  const places = new Map<ItemId, Place>()
  knownPlaces.set(program, places)
  for (const [index, module] of program.modules.entries())
    for (const [at, item] of module.items.entries())
      places.set(item.id, { module, item, position: index * POSITIONS_PER_MODULE + at })
  return places
}

/** Every item of a program. */
export function itemsOf(program: Program): Item[] {
  return program.modules.flatMap(({ items }) => items)
}

/** The expressions of an item. */
export function expressionsOf(item: Item): Expression[] {
  if (item.kind === 'class') return item.members.map(({ body }) => body)
  return 'body' in item ? [item.body] : []
}

/** Items without which it makes no sense. A class can do without its base class, but its instances would be others. */
export function needs(item: Item): ItemId[] {
  switch (item.kind) {
    case 'instance':
    case 'handle':
      return [item.of]
    case 'made':
      return [item.by]
    case 'registration':
      return [item.registry]
    case 'class':
      return item.base === undefined ? [] : [item.base]
    default:
      return []
  }
}

/** Items it names, whether at start-up or in the body of a function. */
export function namedBy(item: Item): ItemId[] {
  return [...needs(item), ...expressionsOf(item).flatMap(({ uses }) => uses)]
}
