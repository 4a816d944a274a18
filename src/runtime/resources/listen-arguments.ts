import type { AddressInfo, ListenOptions } from 'node:net'

/** Where a server is to listen. Two servers cannot listen on one address, but one can take it over from the other. */
export type Address =
  | { readonly kind: 'port'; readonly port: number; readonly host: string; readonly variant: string }
  | { readonly kind: 'path'; readonly path: string }

/** What a server was asked to do: the arguments of `server.listen()` in all their forms. */
export interface ListenRequest {
  readonly address: Address
  /** How many connections may wait, if that was said. */
  readonly backlog: number | undefined
  readonly options: ListenOptions
}

/** Reads arguments as Node does (net.js, `normalizeArgs` and `listen`). None for a handle or a descriptor from outside. */
export function toListenRequest(args: readonly unknown[]): ListenRequest | undefined {
  const [first, second, third] = args
  const isObject = typeof first === 'object' && first !== null
  const options = (isObject ? first : toOptions(first, second)) as ListenOptions & { _handle?: unknown }
  if (options._handle || 'handle' in options || 'fd' in options) return undefined
  const address = toAddress(options)
  if (!address) return undefined
  return { address, options, backlog: toNumber(options.backlog) ?? toNumber(second) ?? toNumber(third) }
}

function toOptions(first: unknown, second: unknown): ListenOptions {
  if (typeof first === 'string' && toNumber(first) === undefined) return { path: first }
  return { port: toNumber(first) ?? 0, ...(typeof second === 'string' ? { host: second } : {}) }
}

function toAddress({ port, host = '', path, ipv6Only, reusePort }: ListenOptions & { reusePort?: boolean }) {
  if (port === undefined && path !== undefined) return { kind: 'path', path } as const
  const number = toNumber(port ?? 0)
  const variant = `${ipv6Only === true} ${reusePort === true}`
  return number === undefined ? undefined : ({ kind: 'port', port: number, host, variant } as const)
}

function toNumber(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined
  const number = Number(value)
  return number >= 0 ? number : undefined
}

/**
 * How the address a server listens on stands to one that is asked for.
 *
 * @param bound where the system has put it
 */
export function compareAddresses(
  held: Address,
  bound: AddressInfo | string | null,
  asked: Address,
): 'same' | 'same-port' | 'other' {
  if (held.kind === 'path' || asked.kind === 'path')
    return held.kind === 'path' && asked.kind === 'path' && held.path === asked.path ? 'same' : 'other'
  const port = typeof bound === 'object' ? bound?.port : undefined
  // Any free port is one's own, which the system chose; a number may name that one, too.
  if (held.port !== asked.port && (asked.port === 0 || port !== asked.port)) return 'other'
  if (held.host === asked.host && held.variant === asked.variant) return 'same'
  return asked.port === 0 ? 'other' : 'same-port'
}

export function describeAddress(address: Address): string {
  return address.kind === 'path' ? address.path : String(address.port)
}
