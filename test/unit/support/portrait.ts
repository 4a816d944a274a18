/** A value without its identity: what a program could tell of it by looking. Comparable with `toEqual`. */
export type Portrait = string | { readonly [field: string]: Portrait } | readonly Portrait[]

/** Draws a value: its kind, its own properties in order, its prototype's, and for functions what callers can see. */
export function portray(value: unknown, seen: readonly object[] = []): Portrait {
  if (typeof value === 'symbol') return String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (value === undefined) return 'undefined'
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return JSON.stringify(value)
  if (seen.includes(value)) return `circle of ${seen.length - seen.indexOf(value)}`
  const inside = [...seen, value]
  const own = portrayOwn(value, inside)
  if (value instanceof Error) return { error: `${value.name}: ${value.message}`, own }
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (typeof value === 'function') return portrayFunction(value as AnyFunction, tag, own, seen.length > 0)
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name?: string } } | null
  return { [`${tag} ${prototype?.constructor?.name ?? 'without a prototype'}`]: own }
}

type AnyFunction = (...args: unknown[]) => unknown

/**
 * Not where hot code is known to be different: `length` is a getter, methods of classes have a length and a kind of
 * their own, `async` functions have a `prototype`, and between a class and its parent stands the implementation. Rows
 * of their own test these. The runner's own name for an anonymous default export is no part of the language.
 */
function portrayFunction(fn: AnyFunction, tag: string, own: Portrait, isInside: boolean): Portrait {
  const { name, length } = fn
  let parent = Object.getPrototypeOf(fn) as { readonly name?: string } | null
  while (parent?.name?.includes('$hot') || parent?.name === 'Stamp')
    parent = Object.getPrototypeOf(parent) as typeof parent
  const shown = JSON.stringify(name.replace('__vite_ssr_export_default__', 'default'))
  return {
    [isInside ? `Function ${shown}` : `${tag} ${shown} of ${length}`]: own,
    ...(typeof parent === 'function' && parent.name ? { extends: parent.name } : {}),
  }
}

function portrayOwn(value: object, seen: readonly object[]): Portrait {
  const own: Record<string, Portrait> = {}
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    if (!descriptor || (value instanceof Error && key === 'stack')) continue
    if (typeof value === 'function' && (key === 'name' || key === 'length')) continue
    if (typeof value === 'function' && key === 'prototype' && !/^class|^function(?! *[*])/.test(String(value))) continue
    const flags = (['enumerable', 'configurable', 'writable'] as const)
      .map((flag) => (descriptor[flag] ? flag[0] : '-'))
      .join('')
    own[`${String(key)} ${flags}`] =
      'value' in descriptor
        ? portray(descriptor.value, seen)
        : [portray(descriptor.get, seen), portray(descriptor.set, seen)]
  }
  return own
}
