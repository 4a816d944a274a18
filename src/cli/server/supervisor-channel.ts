import type { SendHandle } from 'node:child_process'
import type { ServerMessage, SupervisorMessage } from '../messages.ts'

export type MessageListener = (message: SupervisorMessage, handle: unknown) => void

/** The way to the supervisor, which the program neither sees nor is kept alive by. */
export interface SupervisorChannel {
  send(message: ServerMessage, handle?: SendHandle): void
  onMessage(listener: MessageListener): void
}

/**
 * Takes over the channel to the process that started this one. To the program, `process.send` is not there, as under plain
 * Node. When the supervisor is killed, so is this process.
 */
export function openSupervisorChannel(): SupervisorChannel {
  const { channel } = process
  const send = process.send?.bind(process)
  if (!send || !channel) throw new Error('This is started by hot-node, and not by hand.')
  const listeners: MessageListener[] = []
  process.on('message', (message, handle) => {
    for (const listener of listeners) listener(message as SupervisorMessage, handle)
  })
  // A listener for messages keeps a process alive.
  channel.unref()
  for (const name of ['send', 'connected', 'channel'] as const) hide(name)
  // Node calls it when the other side is gone, and so it has to stay.
  const parent = process.ppid
  Object.defineProperty(process, 'disconnect', { value: () => followInto(parent), writable: true, configurable: true })

  return {
    send: (message, handle) => void send(message, handle, undefined, () => undefined),
    onMessage: (listener) => void listeners.push(listener),
  }
}

/** Ends this process once its parent has ended. The channel is closed a little earlier. */
function followInto(parent: number): void {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  }, 10).unref()
}

function hide(name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(process, name)
  if (descriptor?.configurable)
    Object.defineProperty(process, name, { value: undefined, writable: true, configurable: true })
}
