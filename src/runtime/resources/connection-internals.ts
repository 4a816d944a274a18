import { Socket } from 'node:net'

/**
 * Whether an async resource (`executionAsyncResource()` in Node's docs) is a connection to somewhere else, which code of
 * different origin may share: that to a database, say. Not one that a server of this process accepted, and nothing that
 * calls back once. Reads a symbol of Node's handles, `owner_symbol`, as it is in Node 20.20, 22.23, 24.21 and 26.10
 * (`lib/internal/async_hooks.js`).
 */
export function isSharedConnection(resource: object): boolean {
  const symbol = Object.getOwnPropertySymbols(resource).find(({ description }) => description === 'owner_symbol')
  const owner: unknown = symbol && Reflect.get(resource, symbol)
  if (owner instanceof Socket) return !('server' in owner && owner.server)
  return isMessagePort(resource)
}

/** That of a worker, or of one's own. */
function isMessagePort(resource: object): boolean {
  return resource instanceof MessagePort
}
