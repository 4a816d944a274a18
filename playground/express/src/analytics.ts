import { shortener } from './services/shortener.ts'

/** Visits by host of the target. */
export const visitsByHost = new Map<string, number>()

shortener.on('visit', ({ target }) => {
  const { host } = new URL(target)
  visitsByHost.set(host, (visitsByHost.get(host) ?? 0) + 1)
})
