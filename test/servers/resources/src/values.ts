import { EDITION } from './edition.ts'
import { created, ended } from './live.ts'

class Connection {
  readonly edition: number

  constructor(edition: number) {
    this.edition = edition
    created('disposable')
  }

  [Symbol.dispose](): void {
    ended('disposable')
  }
}

class Pool {
  readonly edition: number

  constructor(edition: number) {
    this.edition = edition
    created('async disposable')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve()
    ended('async disposable')
  }
}

export const connection = new Connection(EDITION)
export const pool = new Pool(EDITION)

function follow(edition: number): AbortController {
  const controller = new AbortController()
  created('abort controller')
  controller.signal.addEventListener('abort', () => ended(edition < 0 ? '' : 'abort controller'))
  return controller
}

export const controller = follow(EDITION)
