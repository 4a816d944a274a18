import type { Choices } from './choices.ts'
import {
  type Expression,
  FUNCTION_FORMS,
  HANDLE_FORMS,
  type Item,
  type ItemId,
  type Kind,
  type Member,
  MEMBER_FORMS,
  type Place,
  placesOf,
  type Program,
  REGISTRATION_FORMS,
  REGISTRY_FORMS,
  STATE_FORMS,
  VALUE_FORMS,
} from './model.ts'

/** Kinds by how often they occur. */
const KINDS: readonly Kind[] = [
  'function',
  'value',
  'function',
  'class',
  'registration',
  'instance',
  'registry',
  'handle',
  'value',
  'factory',
  'made',
  'state',
  'main',
  'registration',
  'class',
]

/** Of a hundred uses in bodies of functions, so many may be of what stands further down. */
const LATER_PERCENT = 15

/**
 * Kinds that expressions do not use: those without a value, and registries. A unit that runs again finds a registry as
 * it is by then, with what units further down have put into it since (docs/limitations.md).
 */
const UNUSABLE: readonly Kind[] = ['state', 'registration', 'registry']

/** What something new may name. */
export class Surroundings {
  readonly #places: ReadonlyMap<ItemId, Place>
  readonly #position: number
  readonly #choices: Choices

  /** @param position before it stands what start-up may use */
  constructor(program: Program, position: number, choices: Choices) {
    this.#places = placesOf(program)
    this.#position = position
    this.#choices = choices
  }

  /** Something of one of the kinds, which stands above. */
  above(...kinds: readonly Kind[]): Item | undefined {
    return this.#choices.maybeOne(this.#find((item, isAbove) => isAbove && kinds.includes(item.kind)))
  }

  /** @param isLate it is the body of a function: what stands further down may be used, too */
  expression(isLate: boolean): Expression {
    const literal = this.#choices.below(97)
    const count = this.#choices.below(3)
    const isAnywhere = isLate && this.#choices.chance(LATER_PERCENT)
    const usable = this.#find((item, isAbove) => (isAbove || isAnywhere) && !UNUSABLE.includes(item.kind))
    const uses = Array.from({ length: count }, () => this.#choices.maybeOne(usable)?.id)
    return { literal, uses: [...new Set(uses.filter((id) => id !== undefined))] }
  }

  member(name: string): Member {
    const form = this.#choices.one(MEMBER_FORMS)
    return { name, form, body: this.expression(!form.endsWith('field')) }
  }

  #find(isWanted: (item: Item, isAbove: boolean) => boolean): Item[] {
    return [...this.#places.values()]
      .filter(({ item, position }) => isWanted(item, position < this.#position))
      .map(({ item }) => item)
  }
}

/** Ids that making an item may use up. */
export const IDS_PER_ITEM = 8

/** Makes an item, of a kind that its surroundings allow. Uses ids from `id` on. */
export function makeItem(id: ItemId, around: Surroundings, choices: Choices): Item {
  const kind = choices.one(KINDS)
  const isDefault = choices.chance(15)
  const asValue = (): Item => ({
    id,
    kind: 'value',
    form: choices.one(VALUE_FORMS),
    body: around.expression(false),
    isDefault,
  })
  switch (kind) {
    case 'function':
      return { id, kind, form: choices.one(FUNCTION_FORMS), body: around.expression(true), isDefault }
    case 'class': {
      const base = choices.chance(40) ? around.above('class') : undefined
      const members = Array.from({ length: 1 + choices.below(4) }, (_, at) => around.member(`m${id + at + 1}`))
      return { id, kind, ...(base && { base: base.id }), members, isDefault }
    }
    case 'instance': {
      const of = around.above('class')
      return of ? { id, kind, of: of.id, body: around.expression(false), isDefault } : asValue()
    }
    case 'factory':
      return { id, kind, body: around.expression(true), isDefault }
    case 'made': {
      const by = around.above('factory')
      return by ? { id, kind, by: by.id, body: around.expression(false), isDefault } : asValue()
    }
    case 'handle': {
      const of = around.above('function', 'instance')
      if (!of || (of.kind === 'function' && ['generator', 'async'].includes(of.form))) return asValue()
      const form = choices.one(HANDLE_FORMS)
      const isInstance = of.kind === 'instance'
      return { id, kind, of: of.id, form: isInstance ? 'bound' : form === 'bound' ? 'same' : form, isDefault }
    }
    case 'registry':
      return { id, kind, form: choices.one(REGISTRY_FORMS), isDefault }
    case 'registration': {
      const registry = around.above('registry')
      if (!registry) return asValue()
      return {
        id,
        kind,
        form: choices.one(REGISTRATION_FORMS),
        registry: registry.id,
        body: around.expression(true),
      }
    }
    case 'state':
      return { id, kind, form: choices.one(STATE_FORMS) }
    case 'main':
      return { id, kind, isAwaited: choices.chance(70), body: around.expression(false) }
    default:
      return asValue()
  }
}
