import { type Message, messages } from '../store.ts'
import { Channel } from './channel.ts'

/** A channel that remembers what was said in it. */
export class Room extends Channel {
  readonly name: string
  #nextId = 1

  constructor(name: string) {
    super()
    this.name = name
  }

  get history(): readonly Message[] {
    return messages.get(this.name) ?? []
  }

  say(author: string, text: string): Message {
    const message = { id: this.#nextId++, author, text: this.#tidy(text) }
    messages.set(this.name, [...this.history, message])
    this.broadcast(message)
    return message
  }

  summary(): string {
    return `${this.name}: ${this.history.length} messages`
  }

  #tidy(text: string): string {
    return text.trim().replaceAll(/\s+/g, ' ')
  }
}

const rooms = new Map<string, Room>([['lobby', new Room('lobby')]])

export function openRoom(name: string): Room {
  const room = rooms.get(name) ?? new Room(name)
  rooms.set(name, room)
  return room
}

export function allRooms(): readonly Room[] {
  return [...rooms.values()]
}
