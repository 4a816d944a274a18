import { isDefaultExport, toName } from './render.ts'
import type { ItemId, Module, Place } from './model.ts'

export interface Imports {
  /** How the module calls an item, which is imported if it is another module's. */
  refer(id: ItemId): string
}

/** What a module imports, gathered while its items are rendered. */
export class ImportsOf implements Imports {
  readonly #module: Module
  readonly #places: ReadonlyMap<ItemId, Place>
  /** Modules it imports from, in the order of the program, to the items. */
  readonly #used = new Map<Module, Map<ItemId, Place>>()

  constructor(module: Module, places: ReadonlyMap<ItemId, Place>) {
    this.#module = module
    this.#places = places
  }

  refer(id: ItemId): string {
    const place = this.#places.get(id)
    if (!place) throw new Error(`${this.#module.name} uses ${id}, which is nowhere.`)
    const { module, item } = place
    const name = toName(item)
    if (module === this.#module) return name
    const used = this.#used.get(module) ?? new Map<ItemId, Place>()
    this.#used.set(module, used.set(id, place))
    switch (this.#styleOf(module)) {
      case 'namespace':
        return `${module.name}.${isDefaultExport(item) ? 'default' : name}`
      case 'renamed':
        return `${name}_of_${module.name}`
      default:
        return name
    }
  }

  /** Import declarations. */
  render(): string[] {
    const lines: string[] = []
    const viaBarrel: string[] = []
    for (const [module, used] of this.#inOrder()) {
      const style = this.#styleOf(module)
      const names = [...used.values()].map(({ item }) => {
        const name = toName(item)
        const exported = isDefaultExport(item) ? 'default' : name
        const local = style === 'renamed' ? `${name}_of_${module.name}` : name
        return exported === local ? name : `${exported} as ${local}`
      })
      if (style === 'namespace') lines.push(`import * as ${module.name} from './${module.name}.js'`)
      else if (style === 'through a barrel') viaBarrel.push(...[...used.values()].map(({ item }) => toName(item)))
      else lines.push(`import { ${names.join(', ')} } from './${module.name}.js'`)
    }
    if (viaBarrel.length > 0) lines.push(`import { ${viaBarrel.join(', ')} } from './${this.#module.name}-imports.js'`)
    return lines
  }

  /** The module through which it imports, if it does. */
  renderBarrel(): string | undefined {
    const lines = this.#inOrder()
      .filter(([module]) => this.#styleOf(module) === 'through a barrel')
      .flatMap(([module, used]) => [
        `export * from './${module.name}.js'\n`,
        ...[...used.values()]
          .filter(({ item }) => isDefaultExport(item))
          .map(({ item }) => `export { default as ${toName(item)} } from './${module.name}.js'\n`),
      ])
    return lines.length > 0 ? lines.join('') : undefined
  }

  #inOrder(): [Module, Map<ItemId, Place>][] {
    const position = (used: Map<ItemId, Place>): number => [...used.values()][0]!.position
    return [...this.#used].toSorted(([, one], [, other]) => position(one) - position(other))
  }

  #styleOf(module: Module): Module['imports'] {
    const { imports } = this.#module
    if (imports !== 'through a barrel') return imports
    const [item] = module.items
    const [own] = this.#module.items
    const isLater = item && own && this.#places.get(item.id)!.position > this.#places.get(own.id)!.position
    return isLater ? 'named' : imports
  }
}
