export interface Member {
  send(text: string): void
}

/** A set of members who hear the same things. */
export abstract class Channel {
  readonly #members = new Set<Member>()

  get size(): number {
    return this.#members.size
  }

  join(member: Member): void {
    this.#members.add(member)
  }

  leave(member: Member): void {
    this.#members.delete(member)
  }

  protected broadcast(event: object): void {
    const text = JSON.stringify(event)
    for (const member of this.#members) member.send(text)
  }
}
