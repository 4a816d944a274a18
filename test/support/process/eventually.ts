import { setTimeout as delay } from 'node:timers/promises'

/** How long anything may take before a test gives up on it: generous, because the machine may be busy. */
export const DEADLINE_MS = 15_000

const POLL_MS = 10

/**
 * Asks again until `assert` passes, for what has no event to wait for: another process's state behind a request.
 * Throws what `assert` threw last, once the deadline has passed.
 */
export async function eventually<T>(assert: () => T | Promise<T>, deadline: number = DEADLINE_MS): Promise<T> {
  const end = performance.now() + deadline
  for (;;) {
    try {
      return await assert()
    } catch (error) {
      if (performance.now() >= end) throw error
    }
    await delay(POLL_MS)
  }
}

/** A pause that is part of what is being simulated, such as an editor's between two writes. Never a way to wait. */
export async function pause(ms: number): Promise<void> {
  await delay(ms)
}
