import { type Imports, ImportsOf } from './imports.ts'
import {
  type Expression,
  isIdle,
  type Item,
  type ItemId,
  type Member,
  type Module,
  type Place,
  placesOf,
  type Program,
  type RegistrationItem,
} from './model.ts'

/** Path to source. */
export type Files = Readonly<Record<string, string>>

export const ENTRY = '/app/server.js'

/** Numbers stay small and whole, so that equal answers are equal. */
const MODULUS = 9973

/** The files of a program: its modules, what they import through, and an entry that imports them all. */
export function render(program: Program): Files {
  const places = placesOf(program)
  const files: Record<string, string> = {}
  for (const module of program.modules) {
    const imports = new ImportsOf(module, places)
    const body = module.items.map((item) => new ItemSource(item, places, imports).render())
    const comment = module.comment > 0 ? [`// Remark ${module.comment}.`] : []
    files[toPath(module)] = [...comment, ...imports.render(), ...body, ''].join('\n')
    const barrel = imports.renderBarrel()
    if (barrel) files[toBarrelPath(module)] = barrel
  }
  files[ENTRY] = renderEntry(program)
  return files
}

/** Hands out the namespaces as modules of the program see them: those of a runner cannot get new names. */
function renderEntry({ modules }: Program): string {
  const imports = modules.map((module) => `import * as ${module.name} from './${module.name}.js'\n`)
  const names = modules.map(({ name }) => name)
  return `${imports.join('')}export function namespaces() {\n  return { ${names.join(', ')} }\n}\n`
}

export function toPath({ name }: Module): string {
  return `/app/${name}.js`
}

function toBarrelPath({ name }: Module): string {
  return `/app/${name}-imports.js`
}

const PREFIXES: Readonly<Record<Item['kind'], string>> = {
  function: 'run',
  value: 'value',
  class: 'Class',
  instance: 'instance',
  factory: 'make',
  made: 'made',
  handle: 'handle',
  registry: 'registry',
  registration: 'fill',
  state: 'state',
  main: 'main',
}

/** What an item is called, in its module and as an export. */
export function toName({ kind, id }: Item): string {
  return `${PREFIXES[kind]}${id}`
}

/** Kinds that can be a default export. All others are exported by name. */
export function isDefaultExport(item: Item): boolean {
  if (item.isDefault !== true || (item.kind === 'value' && item.form === 'reassigned')) return false
  return ['function', 'value', 'class', 'instance', 'factory', 'made', 'handle', 'registry'].includes(item.kind)
}

class ItemSource {
  readonly #item: Item
  readonly #places: ReadonlyMap<ItemId, Place>
  readonly #imports: Imports
  readonly #name: string

  constructor(item: Item, places: ReadonlyMap<ItemId, Place>, imports: Imports) {
    this.#item = item
    this.#places = places
    this.#imports = imports
    this.#name = toName(item)
  }

  render(): string {
    const item = this.#item
    const name = this.#name
    switch (item.kind) {
      case 'function':
        return this.#function(item.form, item.body)
      case 'value':
        return this.#value(item.form, this.#sum(item.body, '2'))
      case 'class':
        return this.#class(item.base, item.members)
      case 'instance':
        return this.#constant(`new ${this.#refer(item.of)}(${this.#sum(item.body, '2')})`)
      case 'factory':
        return `${isDefaultExport(item) ? 'export default' : 'export'} function ${name}(a) {\n  const seen = []\n  return { seen, get: (x) => (a + ${this.#sum(item.body, 'x')}) % ${MODULUS} }\n}`
      case 'made':
        return this.#constant(`${this.#refer(item.by)}(${this.#sum(item.body, '2')})`)
      case 'handle':
        return this.#constant(this.#handle(item.form, this.#refer(item.of)))
      case 'registry':
        return this.#registry(item.form)
      case 'registration':
        return this.#registration(item, this.#refer(item.registry))
      case 'state':
        return item.form === 'counter'
          ? `let ${name} = 0\nexport function hit${item.id}() {\n  ${name} += 1\n  return ${name}\n}\nexport function hits${item.id}() {\n  return ${name}\n}`
          : `export const ${name} = new Map()\nexport function hit${item.id}() {\n  ${name}.set(${name}.size, true)\n}\nexport function hits${item.id}() {\n  return ${name}.size\n}`
      case 'main':
        return `export const ${name} = []\nasync function start${item.id}() {\n  await null\n  ${name}.push(${this.#sum(item.body, '2')})\n}\n${item.isAwaited ? `await start${item.id}()` : `start${item.id}().catch(() => ${name}.push(NaN))`}`
    }
  }

  #function(form: string, body: Expression): string {
    const name = this.#name
    const head = isDefaultExport(this.#item) ? 'export default ' : 'export '
    const sum = this.#sum(body, 'x')
    switch (form) {
      case 'arrow':
        return this.#constant(`(x) => ${sum}`)
      case 'generator':
        return `${head}function* ${name}(x) {\n  yield 1\n  yield ${sum}\n}`
      case 'default parameter':
        return `${head}function ${name}(x, y = ${body.literal}) {\n  return (y + ${sum}) % ${MODULUS}\n}`
      case 'async':
        return `${head}async function ${name}(x) {\n  return ${sum}\n}`
      default:
        return `${head}function ${name}(x) {\n  return ${sum}\n}`
    }
  }

  #value(form: string, sum: string): string {
    switch (form) {
      case 'object':
        return this.#constant(`{ sum: ${sum} }`)
      case 'array':
        return this.#constant(`[${sum}, 1]`)
      case 'awaited':
        return this.#constant(`await Promise.resolve(${sum})`)
      case 'reassigned':
        return `export let ${this.#name} = ${sum}\n${this.#name} += 1`
      default:
        return this.#constant(sum)
    }
  }

  #class(base: ItemId | undefined, members: readonly Member[]): string {
    const head = isDefaultExport(this.#item) ? 'export default ' : 'export '
    const lines = members.map((member) => `  ${this.#member(member)}`)
    const own = members
      .filter(({ form }) => !form.startsWith('static'))
      .map(({ name, form }) => toMemberUse('this', name, form))
    const statics = members
      .filter(({ form }) => form.startsWith('static'))
      .map(({ name, form }) => toMemberUse('this.constructor', name, form))
    const inherited = base === undefined ? [] : ['super.sum(x)']
    const sum = ['this.a', ...inherited, ...own, ...statics].join(' + ')
    return [
      `${head}class ${this.#name}${base === undefined ? '' : ` extends ${this.#refer(base)}`} {`,
      ...lines,
      `  constructor(a) {`,
      base === undefined ? `    this.a = a` : `    super(a + 1)`,
      `  }`,
      `  sum(x) {\n    return (${sum}) % ${MODULUS}\n  }`,
      `}`,
    ].join('\n')
  }

  #member({ name, form, body }: Member): string {
    const isField = form.endsWith('field')
    const sum = this.#sum(body, isField || form === 'getter' ? '2' : 'x')
    switch (form) {
      case 'method':
        return `${name}(x) {\n    return ${sum}\n  }`
      case 'getter':
        return `get ${name}() {\n    return ${sum}\n  }`
      case 'field':
        return `${name} = ${sum}`
      case 'private field':
        return `#${name} = ${sum}`
      case 'private method':
        return `#${name}(x) {\n    return ${sum}\n  }`
      case 'static field':
        return `static ${name} = ${sum}`
      case 'static method':
        return `static ${name}(x) {\n    return ${sum}\n  }`
    }
  }

  #handle(form: string, target: string): string {
    switch (form) {
      case 'wrapped':
        return `{ call: ${target} }`
      case 'listed':
        return `[${target}]`
      case 'bound':
        return `${target}.sum.bind(${target})`
      default:
        return target
    }
  }

  #registry(form: string): string {
    switch (form) {
      case 'map':
        return this.#constant(`new Map()`)
      case 'emitter':
        return `import { EventEmitter as Emitter${this.#item.id} } from 'node:events'\n${this.#constant(`new Emitter${this.#item.id}()`)}`
      case 'router':
        return this.#constant(
          `{ routes: {}, get(path, handler) {\n  this.routes[path] = handler\n  return this\n}, values() {\n  return Object.values(this.routes)\n} }`,
        )
      default:
        return this.#constant(`[]`)
    }
  }

  #registration(item: RegistrationItem, registry: string): string {
    const { id, form, body } = item
    const place = this.#places.get(item.registry)
    const registryForm = place?.item.kind === 'registry' ? place.item.form : 'array'
    const fill = (target: string, key: string, handler: string): string =>
      ({
        map: `${target}.set(${key}, ${handler})`,
        router: `${target}.get('/' + ${key}, ${handler})`,
        emitter: `${target}.on('event', ${handler})`,
        array: `${target}.push(${handler})`,
      })[registryForm]
    const inline = `(x) => ${this.#sum(body, 'x')}`
    switch (form) {
      case 'if':
        // Not with what is no number yet, as in a cycle: `BigInt` throws.
        return `if (BigInt(${this.#sum(body, '2')}) % 2n === 0n) {\n  ${fill(registry, `'${id}'`, inline)}\n}`
      case 'for':
        return `for (const key of ['a', 'b']) {\n  ${fill(registry, `'${id}' + key`, `(x) => key.length + ${this.#sum(body, 'x')}`)}\n}`
      case 'helper':
        return `function fill${id}(target) {\n  ${fill('target', `'${id}'`, inline)}\n}\nfill${id}(${registry})`
      case 'closed':
        return `function add${id}() {\n  ${fill(registry, `'${id}'`, inline)}\n}\nfunction fill${id}() {\n  ${isIdle(item) ? 'return 0' : `add${id}()`}\n}\nfill${id}()`
      case 'by name':
        return `function handler${id}(x) {\n  return ${this.#sum(body, 'x')}\n}\n${fill(registry, `'${id}'`, `handler${id}`)}`
      default:
        return fill(registry, `'${id}'`, inline)
    }
  }

  #constant(initializer: string): string {
    return isDefaultExport(this.#item)
      ? `const ${this.#name} = ${initializer}\nexport default ${this.#name}`
      : `export const ${this.#name} = ${initializer}`
  }

  /** An expression as source. What stands further down is used for one step less, or cycles would never end. */
  #sum({ literal, uses }: Expression, x: string): string {
    const here = this.#places.get(this.#item.id)!.position
    const terms = uses.map((id) => {
      const place = this.#places.get(id)
      if (!place) throw new Error(`${this.#name} uses ${id}, which is nowhere.`)
      const isLater = place.position >= here
      if (isLater && x !== 'x') return '0'
      const use = toUse(place.item, this.#refer(id), isLater ? 'x - 1' : x)
      return isLater ? `(x > 0 ? ${use} : 0)` : use
    })
    return `(${[literal, ...terms].join(' + ')}) % ${MODULUS}`
  }

  #refer(id: ItemId): string {
    return this.#imports.refer(id)
  }
}

function toMemberUse(target: string, name: string, form: Member['form']): string {
  switch (form) {
    case 'getter':
    case 'field':
    case 'static field':
      return `${target}.${name}`
    case 'private field':
      return `${target}.#${name}`
    case 'private method':
      return `${target}.#${name}(x)`
    default:
      return `${target}.${name}(x)`
  }
}

/** How a number is got from an item. */
function toUse(item: Item, name: string, x: string): string {
  switch (item.kind) {
    case 'function':
      if (item.form === 'generator') return `[...${name}(${x})].reduce((sum, one) => sum + one)`
      return item.form === 'async' ? `${name}.name.length` : `${name}(${x})`
    case 'value':
      return item.form === 'object' ? `${name}.sum` : item.form === 'array' ? `${name}[0]` : name
    case 'class':
      return `new ${name}(${x}).sum(${x})`
    case 'instance':
      return `${name}.sum(${x})`
    case 'factory':
      return `${name}(1).get(${x})`
    case 'made':
      return `${name}.get(${x})`
    case 'handle':
      return item.form === 'wrapped'
        ? `${name}.call(${x})`
        : item.form === 'listed'
          ? `${name}[0](${x})`
          : `${name}(${x})`
    case 'main':
      // What is read while nobody has waited for it depends on the moment. So does what a function reads, which another
      // main() that nobody waits for may call above; that one finds, when it runs again, all that has come since.
      return item.isAwaited && x === '2' ? `${name}.length` : `Number(${name}.length >= 0)`
    case 'registry':
    case 'state':
    case 'registration':
      throw new Error(`${name} has no number.`)
  }
}
