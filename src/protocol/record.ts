import type { Ref } from './ref.ts'

/** Absolute path of the module's file, or the id of a virtual module. The same in every version. */
export type ModuleId = string

/** `[start, end)` in UTF-16 code units of the module's hot code. */
export type Range = readonly [start: number, end: number]

/** What a piece of source may do to bindings outside itself, read off its text. */
export interface Effects {
  /** Bindings whose value it uses. */
  readonly reads: readonly Ref[]
  /** Bindings it may change: roots of assignments and of the receivers of member calls. */
  readonly touches: readonly Ref[]
  /**
   * `[callee, argument, …path]`: bindings it passes by name, or a property of them. Touched when the callee is the
   * user's own function, or when the unit called functions of the user's that its text does not lead to.
   */
  readonly passes: readonly (readonly [callee: Ref, argument: Ref, ...path: string[]])[]
  /** Bindings it calls by name. A function held in a variable may have state of its own, which the call may change. */
  readonly calls: readonly Ref[]
}

/** A unit or cell: what it does itself, and what the functions inside it do, each of which notes when it runs. */
export interface NestedEffects extends Effects {
  readonly inner: readonly Effects[]
}

/**
 * A **cell**: a function, class member or constructor with a stable identity and a replaceable implementation.
 * `hash` covers the text of the implementation with every name resolved, so pointing an import elsewhere changes it.
 */
export interface CellRecord extends NestedEffects {
  /** Unique in the module, the same in every version: `hello`, `Service.greet`, `#1f3a:0/0`. */
  readonly key: string
  readonly hash: string
  /** As shown to a person: `greet()`, `Service.greet()`, `app.get('/') handler`. */
  readonly label: string
  /** Number of parameters before the first default or rest, as `Function.length` has it. */
  readonly arity: number
  /** The implementation as an expression. Absent for class members, which are replaced with their class. */
  readonly code?: Range
  /** For a class member: its property key where that is known from the source. */
  readonly member?: { readonly name: string; readonly isStatic: boolean }
}

/** A private name of a class, declared once for all versions of the class. */
export interface PrivateRecord {
  readonly name: string
  readonly isStatic: boolean
  /** Field, or the shape of the members that forward to cells. A change of shape cannot be patched. */
  readonly shape: 'field' | 'method' | 'get' | 'set' | 'get set'
  /** Its declaration, which forwards to `cells` where it is no field. */
  readonly code: Range
  /** Cells the declaration uses, by the variable it expects them in. */
  readonly cells: readonly { readonly key: string; readonly variable: string }[]
}

/** Where the implementation class holds the implementation of a member cell. */
export interface MemberRecord {
  readonly cell: string
  readonly kind: 'method' | 'get' | 'set'
  readonly isStatic: boolean
  /** Its property key there, unless computed. */
  readonly at?: string
  /** The index of its computed key. */
  readonly computed?: number
  /** It is `static [migrate]`: see `migrate` of the package. */
  readonly isMigrate?: true
}

/** A use of a variable of the module in the code of a class. */
export interface NameUse {
  readonly name: string
  /** Offset in the hot code. */
  readonly at: number
  /** `call`: `name()`; `shorthand`: `{ name }`. */
  readonly as: 'name' | 'call' | 'shorthand'
}

/** What a class needs beyond its cells. */
export interface ClassRecord {
  /** Instance fields it declares, and those its constructor assigns to; without computed ones. */
  readonly fields: readonly string[]
  /** Key of the class; member cells are `${key}.name`. */
  readonly key: string
  /** A function of the class cell and the member cells that returns the implementation class. */
  readonly code: Range
  /** The member cells in the order in which `code` takes them. */
  readonly members: readonly MemberRecord[]
  readonly privates: readonly PrivateRecord[]
  /**
   * Uses of the module's variables, if there are private names: code is then evaluated in the scope of those, where
   * variables declared by later edits are not in sight.
   */
  readonly uses: readonly NameUse[]
  /** Hash of its static blocks, empty if there are none: what they did to statics cannot be taken back one by one. */
  readonly blocks: string
}

export type UnitKind = 'function' | 'class' | 'value' | 'effect'

/** A **unit**: a top-level statement (or one declarator of it). */
export interface UnitRecord extends NestedEffects {
  /** A declaration: the names it declares. An effect: `#hash:ordinal`. */
  readonly key: string
  readonly kind: UnitKind
  /** Variables it declares, as the hot code names them. */
  readonly names: readonly string[]
  /** Covers the unit's text except the implementations of its cells, with every name resolved. */
  readonly hash: string
  readonly label: string
  /** It contains an `await` of the top level. */
  readonly isAsync: boolean
  /** Evaluating it calls nothing: where it stands among other units does not matter. */
  readonly isPure: boolean
  /** Its initialiser is a call of `keep()` with a literal key, and nothing more. */
  readonly isKept?: true
  /** Value and effect: a function that runs the unit. Function: its declarations. Class: a function that runs it. */
  readonly code: Range
  readonly cells: readonly CellRecord[]
  readonly class?: ClassRecord
  /** The binding whose value, or a part of it, it holds under another name. */
  readonly partOf?: Ref
}

export interface ImportRecord {
  readonly specifier: string
  /** The variable of the hot code that holds the namespace. */
  readonly variable: string
  /** Names that must exist there; `default` included, a namespace import not. */
  readonly names: readonly string[]
}

/** All that is known of one version of a module without running it. Plain data. */
export interface ModuleRecord {
  readonly protocol: number
  readonly id: ModuleId
  /** Shown to a person: relative to the root where it lies inside. */
  readonly label: string
  /** Prefix of every name the hot code adds. */
  readonly prefix: string
  /** Why it runs as a whole: it then has one unit, and exports that only the running module knows. Absent for others. */
  readonly opaque?: string
  readonly imports: readonly ImportRecord[]
  /** Specifiers of `import()` that stand in the text. Absent if there are none. */
  readonly requests?: readonly string[]
  /** Exported name to what it refers to, as this module sees it. */
  readonly exports: Readonly<Record<string, Ref>>
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[]
  readonly units: readonly UnitRecord[]
}
