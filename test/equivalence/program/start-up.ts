import {
  type ClassItem,
  type Expression,
  isIdle,
  type Item,
  type ItemId,
  itemsOf,
  type Member,
  type Module,
  type Place,
  placesOf,
  type Program,
} from './model.ts'
import { inEvaluationOrder } from './evaluation.ts'

/** What a process does not forget of the programs that it ran. */
export class Past {
  /** Items that start-up or an update has ever called. */
  readonly called = new Set<ItemId>()
  /** Of classes: what static fields were computed of. */
  readonly statics = new Map<ItemId, Expression[]>()

  note(program: Program): void {
    for (const id of callersOf(program).keys()) this.called.add(id)
    for (const item of itemsOf(program))
      if (item.kind === 'class')
        for (const { form, body } of item.members)
          if (form === 'static field') this.statics.set(item.id, [...(this.statics.get(item.id) ?? []), body])
  }
}

type Callers = ReadonlyMap<ItemId, readonly Item[]>

/** Of programs that were asked about: each is compared with the one before and the one after. */
const knownCallers = new WeakMap<Program, Callers>()

/** Items that start-up calls, to those for which it does, as far as it is known. */
function callersOf(program: Program): Callers {
  const callers = knownCallers.get(program) ?? findCallers(program)
  knownCallers.set(program, callers)
  return callers
}

function findCallers(program: Program): Callers {
  const places = amongOf(program, program)
  const gather = (known: ReadonlySet<ItemId>): Map<ItemId, Item[]> => {
    const callers = new Map<ItemId, Item[]>()
    for (const { item } of places.values()) {
      const trace = new Trace(places, registrationsOf(program), { known, callers: undefined }, new Past())
      trace.ran(item)
      for (const called of trace.called) callers.set(called, [...(callers.get(called) ?? []), item])
    }
    return callers
  }
  // Then with those that only name what others call.
  return gather(new Set(gather(new Set()).keys()))
}

/**
 * All that start-up used to make an item's value, as text. Where it is the same in two programs, nothing that changed
 * is behind the value, and it has to be the same object.
 *
 * @param other the program with which it is compared: items that both have are behind the value if they were above it
 */
export function startUpOf(program: Program, other: Program, past: Past): (id: ItemId) => string {
  const places = amongOf(program, other)
  const callers = callersOf(program)
  const known = new Set([...callers.keys(), ...past.called])
  return (id) => {
    const trace = new Trace(places, registrationsOf(program), { known, callers }, past)
    trace.made(id)
    return trace.text
  }
}

type Registration = Item & { readonly kind: 'registration' }

/** In the order in which they are made. */
function registrationsOf(program: Program): Registration[] {
  const items = itemsOf(program).filter((item) => item.kind === 'registration')
  // Most programs have none, or one.
  return items.length > 1 ? inEvaluationOrder(program, items) : items
}

function amongOf(program: Program, other: Program): Map<ItemId, PlaceAmong> {
  const shared = placesOf(other)
  return new Map([...placesOf(program)].map(([id, place]) => [id, { ...place, above: aboveOf(place, shared) }]))
}

interface PlaceAmong extends Place {
  /** Items above it in its module. */
  readonly above: readonly ItemId[]
}

function aboveOf({ item, module }: Place, shared: ReadonlyMap<ItemId, unknown>): ItemId[] {
  const above = module.items.slice(0, module.items.indexOf(item))
  return above
    .map(({ id }) => id)
    .filter((id) => shared.has(id))
    .toSorted()
}

interface Calls {
  /** Items that are known to have been called. */
  readonly known: ReadonlySet<ItemId>
  /** For whom. Nothing while that is found out. */
  readonly callers: Callers | undefined
}

class Trace {
  readonly #places: ReadonlyMap<ItemId, PlaceAmong>
  readonly #registrations: readonly Registration[]
  readonly #calls: Calls
  readonly #past: Past
  readonly #lines = new Map<string, string>()
  /** Items that were called. */
  readonly called = new Set<ItemId>()

  constructor(
    places: ReadonlyMap<ItemId, PlaceAmong>,
    registrations: readonly Registration[],
    calls: Calls,
    past: Past,
  ) {
    this.#places = places
    this.#registrations = registrations
    this.#calls = calls
    this.#past = past
  }

  get text(): string {
    return [...this.#lines].map(([what, how]) => `${what} ${how}`).join('\n')
  }

  /** Start-up evaluated it. */
  ran(item: Item): void {
    if (item.kind === 'registration') this.#registered(item)
    else this.made(item.id)
  }

  /** Start-up made the value. */
  made(id: ItemId): void {
    const { item, module, above } = this.#places.get(id)!
    if (!this.#note(`made ${id}`, [toText(module), above, 'form' in item ? item.form : '', item.isDefault])) return
    // Who calls a method of it may have changed it. If that runs again, it is made again.
    if (isTouchedByUse(item)) for (const caller of this.#calls.callers?.get(id) ?? []) this.ran(caller)
    switch (item.kind) {
      case 'value':
      case 'main':
        return this.#expression(item, item.body, item.kind === 'main' && item.isAwaited ? 'awaited' : '')
      case 'class':
        this.#note(`base of ${id}`, item.base)
        if (item.base !== undefined) this.#extended(item, item.base)
        for (const body of this.#past.statics.get(id) ?? [])
          if (body.uses.every((used) => this.#places.has(used))) this.#expression(item, body, 'earlier')
        return this.#members(item, item.members, (form) => form === 'static field')
      case 'instance':
        this.#constructed(item.of)
        this.#named(item.of)
        return this.#expression(item, item.body)
      case 'made':
        this.#called(item.by)
        return this.#expression(item, item.body)
      case 'handle':
        return this.#named(item.of)
      case 'registry': {
        const own = this.#registrations.filter((each) => each.registry === id && !isIdle(each))
        for (const each of own) this.#registered(each)
        this.#note(
          `order of ${id}`,
          own.map((each) => each.id),
        )
        return undefined
      }
      default:
        return undefined
    }
  }

  /** That it ran at start-up is known, and not for whom: whatever names it may be who called it. */
  #named(id: ItemId): void {
    if (this.#calls.known.has(id)) this.#called(id)
    else this.made(id)
  }

  /** `extends Base` calls nothing, but what stands beside it may. */
  #extended({ members }: ClassItem, base: ItemId): void {
    const isPlain = members.every(({ form }) => form !== 'static field')
    if (isPlain && !this.#calls.callers) this.made(base)
    else this.#named(base)
  }

  #registered(item: Registration): void {
    if (isIdle(item)) return
    const { module, above } = this.#places.get(item.id)!
    this.#note(`registered ${item.id}`, [toText(module), above, item.form])
    if (item.form === 'if') this.#expression(item, item.body)
    // The function that ran at start-up has the handler in it.
    if (item.form === 'helper' || item.form === 'for' || item.form === 'closed')
      this.#note(`text ${item.id}`, this.#toText(item, item.body))
  }

  #constructed(id: ItemId): void {
    const { item, module } = this.#places.get(id)!
    if (item.kind !== 'class' || !this.#note(`constructed ${id}`, [toText(module), item.base])) return
    this.made(id)
    if (item.base !== undefined) this.#constructed(item.base)
    this.#members(item, item.members, (form) => form.endsWith('field'))
  }

  /** Start-up called it, or used it otherwise. */
  #called(id: ItemId): void {
    const { item, module } = this.#places.get(id)!
    if (!this.#note(`called ${id}`, [toText(module), item])) return
    this.called.add(id)
    this.made(id)
    switch (item.kind) {
      case 'class':
        this.#constructed(id)
        if (item.base !== undefined) this.#called(item.base)
        return this.#members(item, item.members, () => true)
      case 'instance':
        return this.#called(item.of)
      case 'handle':
        return this.#called(item.of)
      case 'made':
        return this.#called(item.by)
      default:
        return 'body' in item ? this.#expression(item, item.body) : undefined
    }
  }

  #members(item: Item, members: readonly Member[], isUsed: (form: Member['form']) => boolean): void {
    for (const { name, form, body } of members.filter((member) => isUsed(member.form))) {
      this.#note(`member ${item.id} ${name}`, form)
      this.#expression(item, body, name)
    }
  }

  /** @param part of the item: two may have the same expression */
  #expression(item: Item, body: Expression, part = ''): void {
    if (!this.#note(`expression ${item.id} ${part} ${JSON.stringify(body)}`, this.#toText(item, body))) return
    for (const id of body.uses) this.#called(id)
  }

  /** What stands further down, or elsewhere, is used otherwise than what stands above, and so are other forms. */
  #toText(item: Item, { literal, uses }: Expression): unknown {
    const here = this.#places.get(item.id)!.position
    const toTextOfUse = (id: ItemId): unknown[] => {
      const { item: used, module, position } = this.#places.get(id)!
      return [id, module.name, position >= here, toForm(used), used.isDefault]
    }
    return [literal, ...uses.map(toTextOfUse)]
  }

  #note(what: string, how: unknown): boolean {
    if (this.#lines.has(what)) return false
    this.#lines.set(what, JSON.stringify(how) ?? '')
    return true
  }
}

function toForm(item: Item): unknown {
  if (item.kind === 'main') return item.isAwaited
  return 'form' in item ? item.form : ''
}

/** By what has a state of its own, for all that is known. Methods called `get` or `call` are known to change nothing. */
function isTouchedByUse(item: Item): boolean {
  return item.kind === 'instance' || (item.kind === 'handle' && item.form !== 'wrapped')
}

/** By another name, an import is the same; from elsewhere, or as a part of a namespace, it is another text. */
function toText({ name, imports }: Module): string {
  return `${name} ${imports === 'renamed' ? 'named' : imports}`
}
