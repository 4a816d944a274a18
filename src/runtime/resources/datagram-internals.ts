import type { Socket } from 'node:dgram'

/**
 * What Node keeps to itself of a datagram socket: its handle, and whom that tells of datagrams.
 *
 * Touches internals of Node, read in Node 20 to 26 (`lib/dgram.js`, `lib/internal/dgram.js`): the state object under
 * `state symbol`, and the handle's `owner_symbol`. Where they are not found, nothing is handed over.
 */
interface State {
  handle: Handle | null
  receiving: boolean
  bindState: number
  connectState: number
  readonly recvBufferSize?: number
  readonly sendBufferSize?: number
}

interface Handle {
  lookup: unknown
  onmessage?: (...args: unknown[]) => unknown
  onerror?: (...args: unknown[]) => unknown
  close(callback?: () => void): void
  disconnect(): number
  hasRef(): boolean
  ref(): void
  unref(): void
  [owner: symbol]: unknown
}

const BOUND = 2
const DISCONNECTED = 0
const CONNECTED = 2

/** Whether it is bound, and its handle can be had. */
export function isBound(socket: Socket): boolean {
  const state = stateOf(socket)
  return state?.bindState === BOUND && Boolean(state.handle && ownerSymbolOf(state.handle))
}

export function isClosed(socket: Socket): boolean {
  return stateOf(socket)?.handle === null
}

/**
 * Gives the handle of a bound socket to another one, which receives from then on; what waits to be received is not lost.
 * The previous one can still send, and may be closed without closing the port.
 *
 * @returns how to give it back
 */
export function takeHandle(next: Socket, previous: Socket): () => void {
  const from = stateOf(previous) as State
  const to = stateOf(next) as State
  const handle = from.handle as Handle
  const unused = to.handle as Handle
  const owner = ownerSymbolOf(handle) as symbol
  const { lookup } = handle
  const hadRef = handle.hasRef()
  const peer = from.connectState === CONNECTED ? previous.remoteAddress() : undefined
  if (peer) {
    handle.disconnect()
    from.connectState = DISCONNECTED
  }

  setRef(handle, unused.hasRef())
  handle.lookup = unused.lookup
  handle[owner] = next
  unused.close()
  from.handle = toSendOnly(handle)
  Object.assign(to, { handle, receiving: true, bindState: BOUND })
  if (to.recvBufferSize) next.setRecvBufferSize(to.recvBufferSize)
  if (to.sendBufferSize) next.setSendBufferSize(to.sendBufferSize)

  return () => {
    if (to.connectState === CONNECTED) handle.disconnect()
    to.handle = toSendOnly(handle)
    from.handle = handle
    handle[owner] = previous
    handle.lookup = lookup
    setRef(handle, hadRef)
    if (peer) previous.connect(peer.port, peer.address)
  }
}

/** Has a bound socket told of datagrams by `tell`. */
export function wrapReceiving(socket: Socket, tell: (receive: () => unknown) => unknown): void {
  const handle = stateOf(socket)?.handle
  if (!handle) return
  for (const event of ['onmessage', 'onerror'] as const) {
    const receive = handle[event]
    if (receive) handle[event] = (...args) => tell(() => receive.apply(handle, args))
  }
}

/** A handle that does all but close and stop: for old code that answers what it received. */
function toSendOnly(handle: Handle): Handle {
  return new Proxy(handle, {
    get(target, key) {
      if (key === 'close' || key === 'recvStop') return () => 0
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

function setRef(handle: Handle, isRef: boolean): void {
  if (isRef) handle.ref()
  else handle.unref()
}

function stateOf(socket: Socket): State | undefined {
  const symbol = symbolOf(socket, 'state symbol')
  return symbol && (socket as unknown as Record<symbol, State>)[symbol]
}

function ownerSymbolOf(handle: Handle): symbol | undefined {
  return symbolOf(handle, 'owner_symbol')
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description)
}
