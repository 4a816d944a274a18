export interface Message {
  readonly id: number
  readonly author: string
  readonly text: string
}

/** Everything said since the server started, by room. */
export const messages = new Map<string, Message[]>()

export function countMessages(): number {
  let count = 0
  for (const said of messages.values()) count += said.length
  return count
}
