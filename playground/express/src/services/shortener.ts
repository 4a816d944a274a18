import { EventEmitter } from 'node:events'
import { type Link, links } from '../store.ts'

const LIFETIME_MS = 24 * 60 * 60 * 1000

interface Events {
  visit: [link: Link]
  expire: [link: Link]
}

/** Gives targets short codes, and says so when one is visited or has expired. */
export class Shortener extends EventEmitter<Events> {
  #counter = 0

  all(): readonly Link[] {
    return [...links.values()]
  }

  shorten(target: string): Link {
    const link = { code: this.#nextCode(), target, visits: 0, expiresAt: Date.now() + LIFETIME_MS }
    links.set(link.code, link)
    return link
  }

  visit(code: string): Link | undefined {
    const link = links.get(code)
    if (!link) return undefined
    const visited = { ...link, visits: link.visits + 1 }
    links.set(code, visited)
    this.emit('visit', visited)
    return visited
  }

  expire(now: number): void {
    for (const link of this.all()) {
      if (link.expiresAt <= now && links.delete(link.code)) this.emit('expire', link)
    }
  }

  describe(link: Link): string {
    return `/to/${link.code} leads to ${link.target}`
  }

  #nextCode(): string {
    this.#counter += 1
    return this.#counter.toString(36).padStart(4, '0')
  }
}

export const shortener = new Shortener()
