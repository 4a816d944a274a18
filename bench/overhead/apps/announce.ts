import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Prints the port in the form the benchmark waits for. */
export function announce(server: Pick<Server, 'address'>): void {
  console.log(`listening ${(server.address() as AddressInfo).port}`)
}
