import { type Item, type ItemId, itemsOf, type Module, namedBy, needs, type Program } from './model.ts'

/** Another program in which one module is another. */
export function withModule(program: Program, module: Module, next: Module): Program {
  return { ...program, modules: program.modules.map((each) => (each === module ? next : each)) }
}

/** Adds an item to a module, before the one that is now at `index`. */
export function insertItem(program: Program, module: Module, index: number, item: Item): Program {
  return withModule(program, module, { ...module, items: module.items.toSpliced(index, 0, withinModule(module, item)) })
}

export function replaceItem(program: Program, next: Item): Program {
  return {
    ...program,
    modules: program.modules.map((module) => {
      if (module.items.every(({ id }) => id !== next.id)) return module
      return { ...module, items: module.items.map((item) => (item.id === next.id ? withinModule(module, next) : item)) }
    }),
  }
}

/** A module has one default export. */
function withinModule(module: Module, item: Item): Item {
  const isTaken = module.items.some(({ id, isDefault }) => isDefault === true && id !== item.id)
  return item.isDefault === true && isTaken ? { ...item, isDefault: false } : item
}

/** Takes an item out, and with it whatever cannot be without it; expressions do without. */
export function removeItem(program: Program, removed: ItemId): Program {
  const gone = new Set([removed])
  for (;;) {
    const more = itemsOf(program).filter((item) => !gone.has(item.id) && needs(item).some((id) => gone.has(id)))
    if (more.length === 0) break
    for (const { id } of more) gone.add(id)
  }
  return {
    ...program,
    modules: program.modules.map((module) => {
      const isConcerned = module.items.some((item) => gone.has(item.id) || namedBy(item).some((id) => gone.has(id)))
      if (!isConcerned) return module
      return { ...module, items: module.items.filter(({ id }) => !gone.has(id)).map((item) => without(item, gone)) }
    }),
  }
}

function without(item: Item, gone: ReadonlySet<ItemId>): Item {
  const keep = <T extends { readonly body: { readonly literal: number; readonly uses: readonly ItemId[] } }>(
    owner: T,
  ): T => ({
    ...owner,
    body: { ...owner.body, uses: owner.body.uses.filter((id) => !gone.has(id)) },
  })
  if (item.kind === 'class') return { ...item, members: item.members.map(keep) }
  return 'body' in item ? keep(item) : item
}

/** Gives an item another id, and so another name, wherever it is named. */
export function renameItem(program: Program, from: ItemId, to: ItemId): Program {
  const text = JSON.stringify(program.modules, (key, value: unknown) =>
    ['id', 'of', 'by', 'base', 'registry'].includes(key) && value === from
      ? to
      : key === 'uses'
        ? (value as ItemId[]).map((id) => (id === from ? to : id))
        : value,
  )
  return { ...program, modules: JSON.parse(text) as Module[] }
}
