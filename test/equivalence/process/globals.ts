import { Socket } from 'node:dgram'
import { Server } from 'node:net'

/** Of what a runtime replaces functions for good, in a process that has one. */
const PROTOTYPES = [Server.prototype, Socket.prototype]

/** Returns what puts everything back as it is now: each function that stayed replaced would hold on to a whole program. */
export function keepGlobals(): () => void {
  const { prepareStackTrace } = Error
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  const { toString } = Function.prototype
  const prototypes = PROTOTYPES.map((prototype) => [prototype, Object.getOwnPropertyDescriptors(prototype)] as const)
  return () => {
    Object.assign(Error, { prepareStackTrace })
    Object.assign(Function.prototype, { toString })
    for (const [prototype, members] of prototypes) Object.defineProperties(prototype, members)
  }
}
