import type { Choices } from './choices.ts'
import { IDS_PER_ITEM, makeItem, Surroundings } from './grow.ts'
import {
  type ClassItem,
  FUNCTION_FORMS,
  IMPORT_STYLES,
  type Item,
  itemsOf,
  type Member,
  type Module,
  placesOf,
  POSITIONS_PER_MODULE,
  type Program,
  VALUE_FORMS,
} from './model.ts'
import { insertItem, removeItem, renameItem, replaceItem, withModule } from './rearrange.ts'
import { type Files, render, toPath } from './render.ts'

/** What is saved together. */
export interface Edit {
  /** In words. */
  readonly label: string
  /** The program afterwards. The one before, where the edit is broken. */
  readonly program: Program
  readonly files: Files
  /** It cannot be applied: a cold start fails. */
  readonly isBroken: boolean
}

type Change = (program: Program, choices: Choices) => Program | undefined

/** Changes of a program, by what a person would call them. They answer nothing where there is nothing to change. */
const CHANGES: Readonly<Record<string, Change>> = {
  literal: (program, choices) =>
    changeBody(program, choices, (body) => ({ ...body, literal: body.literal + 1 + choices.below(50) })),
  uses: (program, choices) => {
    const item = choices.maybeOne(itemsOf(program))
    const position = item && placesOf(program).get(item.id)?.position
    if (!item || position === undefined) return undefined
    const around = new Surroundings(program, position, choices)
    if (item.kind !== 'class')
      return 'body' in item ? replaceItem(program, { ...item, body: around.expression(isLate(item)) }) : undefined
    const member = choices.maybeOne(item.members)
    if (!member) return undefined
    const next = { ...member, body: around.expression(!member.form.endsWith('field')) }
    return replaceItem(
      program,
      withMembers(
        item,
        item.members.map((each) => (each === member ? next : each)),
      ),
    )
  },
  'add an item': (program, choices) => {
    const [module, index] = somewhere(program, choices)
    const position = program.modules.indexOf(module) * POSITIONS_PER_MODULE + index
    const item = makeItem(program.next, new Surroundings(program, position, choices), choices)
    return insertItem({ ...program, next: program.next + IDS_PER_ITEM }, module, index, item)
  },
  'remove an item': (program, choices) => {
    const item = choices.maybeOne(itemsOf(program))
    return item && removeItem(program, item.id)
  },
  'rename an item': (program, choices) => {
    const item = choices.maybeOne(itemsOf(program))
    return item && { ...renameItem(program, item.id, program.next), next: program.next + 1 }
  },
  'move an item': (program, choices) => {
    const item = choices.maybeOne(itemsOf(program))
    const from = item && program.modules.find(({ items }) => items.includes(item))
    if (!from) return undefined
    const taken = withModule(program, from, { ...from, items: from.items.filter((each) => each !== item) })
    const [module, index] = somewhere(taken, choices)
    return insertItem(taken, module, index, item)
  },
  'swap two items': (program, choices) => {
    const module = choices.maybeOne(program.modules.filter(({ items }) => items.length > 1))
    if (!module) return undefined
    const at = choices.below(module.items.length - 1)
    const [one, other] = [module.items[at]!, module.items[at + 1]!]
    return withModule(program, module, { ...module, items: module.items.toSpliced(at, 2, other, one) })
  },
  form: (program, choices) => {
    const item = choices.maybeOne(itemsOf(program))
    if (item?.kind === 'function') {
      const form = choices.one(FUNCTION_FORMS)
      const isHeld = itemsOf(program).some((other) => other.kind === 'handle' && other.of === item.id)
      return isHeld && ['generator', 'async'].includes(form) ? undefined : replaceItem(program, { ...item, form })
    }
    if (item?.kind === 'value') return replaceItem(program, { ...item, form: choices.one(VALUE_FORMS) })
    return item?.kind === 'main' ? replaceItem(program, { ...item, isAwaited: !item.isAwaited }) : undefined
  },
  'default export': (program, choices) => {
    const item = choices.maybeOne(itemsOf(program))
    return item && replaceItem(program, { ...item, isDefault: item.isDefault !== true })
  },
  'add a member': (program, choices) =>
    changeClass(program, choices, (item, around) => [...item.members, around.member(`m${program.next}`)]),
  'remove a member': (program, choices) =>
    changeClass(program, choices, (item) => item.members.toSpliced(choices.below(item.members.length), 1)),
  'form of a member': (program, choices) =>
    changeClass(program, choices, (item, around) => {
      const at = choices.below(item.members.length)
      const member = item.members[at]
      return member ? item.members.with(at, around.member(member.name)) : item.members
    }),
  'base class': (program, choices) => {
    const item = choices.maybeOne(itemsOf(program).filter((each) => each.kind === 'class'))
    if (item?.kind !== 'class') return undefined
    const { base: _, ...plain } = item
    const around = new Surroundings(program, placesOf(program).get(item.id)!.position, choices)
    const base = around.above('class')
    return replaceItem(program, base && base.id !== item.base ? { ...plain, base: base.id } : plain)
  },
  imports: (program, choices) => {
    const module = choices.maybeOne(program.modules)
    return module && withModule(program, module, { ...module, imports: choices.one(IMPORT_STYLES) })
  },
  comment: (program, choices) => {
    const module = choices.maybeOne(program.modules)
    return module && withModule(program, module, { ...module, comment: module.comment + 1 })
  },
  'add a module': (program, choices) => {
    const at = choices.below(program.modules.length + 1)
    const module: Module = { name: `m${program.next}`, imports: choices.one(IMPORT_STYLES), items: [], comment: 0 }
    const grown = { modules: program.modules.toSpliced(at, 0, module), next: program.next + 1 + IDS_PER_ITEM }
    const around = new Surroundings(grown, at * POSITIONS_PER_MODULE, choices)
    const item = makeItem(program.next + 1, around, choices)
    // It would come after all that others have registered (docs/limitations.md).
    return item.kind === 'registration' ? undefined : insertItem(grown, module, 0, item)
  },
  'remove a module': (program, choices) => {
    const module = choices.maybeOne(program.modules)
    if (!module || program.modules.length === 1) return undefined
    const emptied = module.items.reduce((before, { id }) => removeItem(before, id), program)
    return { ...emptied, modules: emptied.modules.filter(({ name }) => name !== module.name) }
  },
}

const NAMES = Object.keys(CHANGES)

/** Of a hundred edits, so many change a literal, and so many are broken. */
const LITERAL_PERCENT = 25
const BROKEN_PERCENT = 8

/** The next edit of a program. Nothing where the choices come to nothing. */
export function edit(program: Program, before: Program | undefined, choices: Choices): Edit | undefined {
  // The smallest number of a shrunk counter-example: no edit.
  const dice = choices.below(1000)
  if (dice === 0) return undefined
  if (dice % 100 < BROKEN_PERCENT) return breakFile(program, choices)
  if (dice % 100 === 99 && before) return toEdit('undo', { ...before, next: program.next })
  const isTogether = choices.chance(20)
  const labels: string[] = []
  let next = program
  for (let count = isTogether ? 2 + choices.below(3) : 1; count > 0; count--) {
    const name = choices.chance(LITERAL_PERCENT) ? 'literal' : choices.one(NAMES)
    const changed = CHANGES[name]!(next, choices)
    if (!changed) continue
    labels.push(name)
    next = { ...changed, next: Math.max(changed.next, next.next) + 1 }
  }
  return labels.length === 0 ? undefined : toEdit(labels.join(', '), next)
}

function toEdit(label: string, program: Program): Edit {
  return { label, program, files: render(program), isBroken: false }
}

/** What is added to a file so that it cannot be applied. */
const DEFECTS: Readonly<Record<string, string>> = {
  'a throw at start-up': `throw new Error('broken')\n`,
  'a syntax error': `const broken = = 1\n`,
  'a missing export': `import { nowhere } from './m-nowhere.js'\nimport { nothing } from 'SELF'\nnothing()\n`,
  'an error at start-up': `undefined.nothing()\n`,
}

function breakFile(program: Program, choices: Choices): Edit | undefined {
  const module = choices.maybeOne(program.modules)
  if (!module) return undefined
  const defect = choices.one(Object.keys(DEFECTS))
  const good = render(program)
  const path = toPath(module)
  const bad = DEFECTS[defect]!.replace('SELF', `./${module.name}.js`)
  return { label: defect, program, files: { ...good, [path]: good[path]! + bad }, isBroken: true }
}

function somewhere(program: Program, choices: Choices): [Module, number] {
  const module = choices.one(program.modules)
  return [module, choices.below(module.items.length + 1)]
}

function isLate({ kind }: Item): boolean {
  return ['function', 'factory', 'registration'].includes(kind)
}

function changeBody(
  program: Program,
  choices: Choices,
  change: (body: { readonly literal: number; readonly uses: readonly number[] }) => Member['body'],
): Program | undefined {
  const item = choices.maybeOne(itemsOf(program).filter((each) => each.kind === 'class' || 'body' in each))
  if (!item) return undefined
  if ('body' in item) return replaceItem(program, { ...item, body: change(item.body) })
  if (item.kind !== 'class' || item.members.length === 0) return undefined
  const at = choices.below(item.members.length)
  const member = item.members[at]!
  return replaceItem(program, withMembers(item, item.members.with(at, { ...member, body: change(member.body) })))
}

function changeClass(
  program: Program,
  choices: Choices,
  change: (item: ClassItem, around: Surroundings) => readonly Member[],
): Program | undefined {
  const item = choices.maybeOne(itemsOf(program).filter((each) => each.kind === 'class'))
  if (item?.kind !== 'class') return undefined
  const around = new Surroundings(program, placesOf(program).get(item.id)!.position, choices)
  return replaceItem(program, withMembers(item, change(item, around)))
}

function withMembers(item: ClassItem, members: readonly Member[]): ClassItem {
  return { ...item, members }
}
