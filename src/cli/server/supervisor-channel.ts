import type { SendHandle } from 'node:child_process'
import type { ServerMessage, SupervisorMessage } from '../messages.ts'

/** All that Node takes. */
type Send = (message: ServerMessage, handle: SendHandle, options: undefined, callback: () => void) => boolean

export type MessageListener = (message: SupervisorMessage, handle: unknown) => void

/** The way to the supervisor, which the program is not kept alive by. */
export interface SupervisorChannel {
  /**
   * @param handle what listens or is connected, of which the other side gets a copy
   * @param onSent called when the copy is on its way
   */
  send(message: ServerMessage, handle?: object, onSent?: () => void): void
  onMessage(listener: MessageListener): void
  /** Keeps the process alive, as long as there is nothing else. Returns how to stop. */
  hold(): () => void
}

/**
 * Takes over the channel to the process that started this one. To the program, `process.send` is not there, as under plain
 * Node; `process.connected` and `process.channel` have to stay, as Node itself asks for them. When the supervisor is killed,
 * so is this process.
 */
export function openSupervisorChannel(): SupervisorChannel {
  const { channel } = process
  const send = process.send?.bind(process) as Send | undefined
  if (!send || !channel) throw new Error('This is started by hot-node, and not by hand.')
  const listeners: MessageListener[] = []
  process.on('message', (message, handle) => {
    for (const listener of listeners) listener(message as SupervisorMessage, handle)
  })
  // A listener for messages keeps a process alive.
  channel.unref()
  replace('send', undefined)
  // Node calls it when the other side is gone.
  const parent = process.ppid
  replace('disconnect', () => followInto(parent))

  return {
    send: (message, handle, onSent = () => undefined) => void send(message, handle as SendHandle, undefined, onSent),
    onMessage: (listener) => void listeners.push(listener),
    hold: () => {
      channel.ref()
      return () => channel.unref()
    },
  }
}

/** Ends this process once its parent has ended. The channel is closed a little earlier. */
function followInto(parent: number): void {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  }, 10).unref()
}

function replace(name: 'send' | 'disconnect', value: unknown): void {
  Object.defineProperty(process, name, { value, writable: true, configurable: true })
}
