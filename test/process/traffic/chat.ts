import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, pause } from '../../support/process/index.ts'

/** Between two things that somebody says. */
const PACE_MS = 5

/** Somebody who talks in the chat room, and listens to everybody in it. */
interface Talker {
  /** The numbers the server gave to what was said, in the order in which they were heard. */
  readonly heard: number[]
  readonly isOpen: () => boolean
  /** Says something and waits until it is heard. */
  say(): Promise<void>
}

/** Opens so many sockets that talk until stopped. Returns the function that stops them and says what went wrong. */
export async function chat(url: string, names: readonly string[]): Promise<() => Promise<ChatReport>> {
  const talkers = await Promise.all(names.map((name) => join(url, name)))
  const stopping = new AbortController()
  const talking = Promise.all(
    talkers.map(async (talker) => {
      while (!stopping.signal.aborted) await talker.say()
    }),
  )
  // Reported by whoever stops it, if the test comes to that.
  talking.catch(() => undefined)
  return async () => {
    stopping.abort()
    await talking
    const last = Math.max(0, ...talkers.flatMap(({ heard }) => heard.at(-1) ?? 0))
    // The others hear it, too, a moment later.
    await eventually(() => {
      if (talkers.some(({ heard }) => heard.at(-1) !== last)) throw new Error('somebody has not heard the last message')
    })
    return {
      said: last,
      closed: talkers.filter(({ isOpen }) => !isOpen()).length,
      problems: talkers.flatMap(({ heard }, index) => findGaps(heard).map((gap) => `${names[index]}: ${gap}`)),
    }
  }
}

export interface ChatReport {
  /** The number of the last message. */
  readonly said: number
  readonly closed: number
  /** Messages that were missed, or heard twice. */
  readonly problems: readonly string[]
}

async function join(url: string, name: string): Promise<Talker> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat?room=lobby&name=${name}`)
  onTestFinished(() => socket.terminate())
  const heard: number[] = []
  const answers = new Map<string, () => void>()
  socket.on('message', (data) => {
    const { id, author, text } = JSON.parse(String(data)) as { id: number; author: string; text: string }
    heard.push(id)
    if (author === name) answers.get(text)?.()
  })
  let said = 0
  const closed = once(socket, 'close').then(([code]) => {
    throw new Error(`The socket of ${name} was closed with ${String(code)}.`)
  })
  closed.catch(() => undefined)
  await once(socket, 'open')
  return {
    heard,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    async say() {
      const text = `${name}-${(said += 1)}`
      const answered = new Promise<void>((resolve) => answers.set(text, resolve))
      socket.send(text)
      await Promise.race([answered, closed])
      answers.delete(text)
      await pause(PACE_MS)
    },
  }
}

function findGaps(heard: readonly number[]): string[] {
  return heard.flatMap((id, index) => {
    const before = heard[index - 1]
    return before === undefined || id === before + 1 ? [] : [`heard ${id} after ${before}`]
  })
}
