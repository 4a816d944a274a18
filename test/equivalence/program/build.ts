import { Choices } from './choices.ts'
import { IDS_PER_ITEM, makeItem, Surroundings } from './grow.ts'
import { IMPORT_STYLES, POSITIONS_PER_MODULE, type Program } from './model.ts'
import { insertItem } from './rearrange.ts'

/** What decides a program: numbers, and nothing else. */
export interface Plan {
  readonly modules: number
  /** Of each item: the numbers that decide it. */
  readonly items: readonly (readonly number[])[]
}

/** The same program for the same plan. */
export function build({ modules, items }: Plan): Program {
  let program: Program = {
    modules: Array.from({ length: modules }, (_, index) => ({
      name: `m${index}`,
      imports: IMPORT_STYLES[index % IMPORT_STYLES.length]!,
      items: [],
      comment: 0,
    })),
    next: modules,
  }
  for (const numbers of items) {
    const choices = new Choices(numbers)
    const at = choices.below(modules)
    const module = program.modules[at]!
    const end = module.items.length
    const item = makeItem(program.next, new Surroundings(program, at * POSITIONS_PER_MODULE + end, choices), choices)
    program = insertItem({ ...program, next: program.next + IDS_PER_ITEM }, module, end, item)
  }
  return program
}
