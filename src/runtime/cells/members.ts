import type { Journal } from '../update/journal.ts'

/** What a class always has of its own. */
const FIXED = new Set<PropertyKey>(['length', 'name', 'prototype', 'constructor'])

/** The members a class literal gives its facade, or the facade's prototype. */
export function ownMembers(target: object): PropertyDescriptorMap {
  const descriptors = Object.getOwnPropertyDescriptors(target) as PropertyDescriptorMap
  for (const name of FIXED) delete descriptors[name as string]
  return descriptors
}

/**
 * Brings the members of a facade to those wanted. Those it had stay the same functions, whatever others put in their
 * place meanwhile (decorators do); unless the class is made afresh: then that is gone, and so is what others added.
 *
 * @returns what it has from now on
 */
export function reconcileMembers(
  target: object,
  had: PropertyDescriptorMap,
  wanted: PropertyDescriptorMap,
  isFresh: boolean,
  journal: Journal,
): PropertyDescriptorMap {
  const result: PropertyDescriptorMap = {}
  for (const key of Reflect.ownKeys(target)) {
    if (Object.hasOwn(wanted, key) || FIXED.has(key)) continue
    if (!isFresh && !Object.hasOwn(had, key)) continue
    restoreOnRollback(target, key, journal)
    Reflect.deleteProperty(target, key)
  }
  for (const key of Reflect.ownKeys(wanted)) {
    const next = wanted[key as string]
    const kept = had[key as string]
    if (!next) continue
    const isSame = kept !== undefined && toShape(kept) === toShape(next)
    const descriptor = isSame ? kept : next
    result[key as string] = descriptor
    if (isSame && !isFresh && Object.hasOwn(target, key)) continue
    if (!Object.isExtensible(target)) continue
    restoreOnRollback(target, key, journal)
    Object.defineProperty(target, key, descriptor)
  }
  return result
}

export function restoreOnRollback(target: object, key: PropertyKey, journal: Journal): void {
  journal.save(
    () => Object.getOwnPropertyDescriptor(target, key),
    (descriptor) => {
      if (descriptor) Reflect.defineProperty(target, key, descriptor)
      else Reflect.deleteProperty(target, key)
    },
  )
}

/** Method, getter, setter, or both. */
function toShape({ value, get, set }: PropertyDescriptor): string {
  return `${value !== undefined} ${get !== undefined} ${set !== undefined}`
}
