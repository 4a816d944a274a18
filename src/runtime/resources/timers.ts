import type { StartUpWindow } from '../start-up.ts'
import type { Ownership, Resource } from './resource.ts'

type SetTimer = (...args: unknown[]) => unknown

const TIMERS = { setTimeout: 'clearTimeout', setInterval: 'clearInterval', setImmediate: 'clearImmediate' } as const

/**
 * Notes the timers that units create. The globals are wrapped only while the start-up window is open, so that timers
 * made for a request cost what they always did.
 */
export function watchTimers(ownership: Ownership, window: StartUpWindow): void {
  const scope = globalThis as unknown as Record<string, SetTimer>
  const originals = new Map<string, { readonly original: SetTimer; readonly wrapped: SetTimer }>()
  window.onChange((isOpen) => {
    for (const [name, clear] of Object.entries(TIMERS)) {
      const known = originals.get(name)
      if (isOpen) {
        const original = scope[name]
        if (!original || original === known?.wrapped) continue
        const wrapped = wrap(ownership, original, (timer) => scope[clear]?.(timer))
        originals.set(name, { original, wrapped })
        scope[name] = wrapped
      } else if (known && scope[name] === known.wrapped) scope[name] = known.original
    }
  })
}

function wrap(ownership: Ownership, original: SetTimer, clear: (timer: unknown) => void): SetTimer {
  const wrapped: SetTimer = (...args) => {
    const timer = original(...args)
    const resource: Resource = { kind: 'timer', dispose: () => clear(timer) }
    ownership.current()?.resources.push(resource)
    return timer
  }
  // `util.promisify(setTimeout)` finds its own version in a property.
  return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original))
}
