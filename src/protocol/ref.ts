/**
 * A **reference** names a binding as a module sees it:
 *
 * - `count`: the module's own binding `count`;
 * - `hello@./greet`: the binding that `./greet` exports as `hello`;
 * - `*@./greet`: the namespace of `./greet`, all of it;
 * - `*@*`: the namespaces of all that the module imported by a computed specifier.
 *
 * An identifier holds no `@`, so the first one separates. A string, because records hold thousands of them.
 */
export type Ref = string

export type ParsedRef =
  | { readonly kind: 'own'; readonly name: string }
  | { readonly kind: 'import'; readonly name: string; readonly specifier: string }

/** The name that stands for a whole namespace in a {@link Ref}. */
export const NAMESPACE = '*'

/** Stands for a function that a variable of a function holds: it may be anybody's. */
export const UNKNOWN_CALLEE = ''

/** Stands for a function that is only known when it is called, most likely a library's. */
export const DYNAMIC_CALLEE = '?'

export function toImportRef(name: string, specifier: string): Ref {
  return `${name}@${specifier}`
}

export function parseRef(ref: Ref): ParsedRef {
  const at = ref.indexOf('@')
  if (at === -1) return { kind: 'own', name: ref }
  return { kind: 'import', name: ref.slice(0, at), specifier: ref.slice(at + 1) }
}
