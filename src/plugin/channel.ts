import type { DevEnvironment, ViteDevServer } from 'vite'
import {
  type Failed,
  FAILED_EVENT,
  type Invalidated,
  INVALIDATED_EVENT,
  NEXT_EVENT,
  OUTCOME_EVENT,
  type Outcome,
  RECEIVED_EVENT,
  type Update,
  UPDATE_EVENT,
} from '../protocol/index.ts'
import { sendFullReload } from './full-reload.ts'
import { openLocalChannel } from './local-channel.ts'
import { type ViteNode, viteNodeOf } from './vite-node.ts'

/** An update is repeated this often until the runtime says that it came: it may still be starting. */
const REPEAT = 100

/** Without a sign of life for this long, nobody runs there any more. */
const GIVE_UP = 30_000

/** A module runner that has not loaded the runtime once will not answer: it failed to start, or was not asked to. */
const GIVE_UP_AT_FIRST = 500

type Message = Omit<Update, 'number'>

/** Sends updates to the runtime of one environment and hears what they came to. */
export class Channel {
  readonly isViteNode: boolean
  /** Its environment is the one whose channel the runner listens to. */
  readonly isMain: boolean
  readonly #environment: DevEnvironment
  #hasAnswered = false
  /** A runtime is connected for which the host has no channel. */
  readonly #hasLocalRuntime: () => boolean = () => false
  readonly #waiting = new Map<number, { received: boolean; settle: (outcome: Outcome | undefined) => void }>()
  readonly #nextNumber: () => number
  readonly #viteNode: ViteNode | undefined
  /** While vite-node's runner is listened to. */
  #stopHearing: (() => void) | undefined
  readonly #stopCarrying: (() => void) | undefined
  #isClosed = false
  /** Whom to tell that a module has invalidated itself. Written by the session. */
  onInvalidated: (invalidated: Invalidated) => void = () => undefined

  /** @param nextNumber numbers updates; shared by all channels of a server, as there may be one runtime for them all */
  constructor(environment: DevEnvironment, server: ViteDevServer, nextNumber: () => number) {
    this.#nextNumber = nextNumber
    const viteNode = viteNodeOf(server)
    this.isViteNode = viteNode !== undefined
    // vite-node has one runner for all environments, and listens to this one.
    this.#environment = this.isViteNode ? (server.environments.ssr ?? environment) : environment
    this.isMain = environment === this.#environment
    environment.hot.on(RECEIVED_EVENT, (data: unknown) => this.#receive(RECEIVED_EVENT, data))
    environment.hot.on(OUTCOME_EVENT, (data: unknown) => this.#receive(OUTCOME_EVENT, data))
    this.#viteNode = viteNode
    this.#hear()
    if (!this.isMain) return
    if (!viteNode) this.#hasLocalRuntime = openLocalChannel(environment)
    environment.hot.on(INVALIDATED_EVENT, (data: unknown) => this.onInvalidated(data as Invalidated))
    this.#stopCarrying = viteNode?.carryCustomEvents(environment)
  }

  /** Its server is closed. What is under way is still answered. */
  close(): void {
    this.#isClosed = true
    this.#stopCarrying?.()
    this.#stopHearingUnlessWaiting()
  }

  /** Says that no update could be made of a save. */
  fail(failed: Failed): void {
    this.#environment.hot.send({ type: 'custom', event: FAILED_EVENT, data: failed })
  }

  /** Has the runner evaluate its entries anew, as Vite would without us. Only for one that has not started. */
  restart(): void {
    // With `ssrLoadModule`, the next who asks for a module loads it.
    if (this.#hasLocalRuntime()) this.#environment.moduleGraph.invalidateAll()
    sendFullReload(this.#environment)
  }

  /** Says that another update will follow: what the one under way waits for may take too long. */
  announceNext(): void {
    this.#environment.hot.send({ type: 'custom', event: NEXT_EVENT })
  }

  /** @returns what the update came to, or nothing if no runtime answers */
  async send(message: Message): Promise<Outcome | undefined> {
    const update: Update = { ...message, number: this.#nextNumber() }
    return new Promise((resolve) => {
      const started = performance.now()
      const post = (): void => this.#environment.hot.send({ type: 'custom', event: UPDATE_EVENT, data: update })
      const settle = (outcome: Outcome | undefined): void => {
        this.#waiting.delete(update.number)
        this.#stopHearingUnlessWaiting()
        resolve(outcome)
      }
      const repeat = (): void => {
        const waiting = this.#waiting.get(update.number)
        if (!waiting || waiting.received) return
        if (performance.now() - started > this.#patience()) return settle(undefined)
        post()
        setTimeout(repeat, REPEAT).unref()
      }
      this.#hear()
      this.#waiting.set(update.number, { received: false, settle })
      post()
      setTimeout(repeat, REPEAT).unref()
    })
  }

  /** vite-node listens once its entry has run, however long that takes. */
  #patience(): number {
    if (this.isViteNode) return Number.POSITIVE_INFINITY
    return this.#hasAnswered ? GIVE_UP : GIVE_UP_AT_FIRST
  }

  #hear(): void {
    this.#stopHearing ??= this.#viteNode?.onMessage((event, data) => this.#receive(event, data))
  }

  #stopHearingUnlessWaiting(): void {
    if (!this.#isClosed || this.#waiting.size > 0) return
    this.#stopHearing?.()
    this.#stopHearing = undefined
  }

  #receive(event: string, data: unknown): void {
    if (event !== RECEIVED_EVENT && event !== OUTCOME_EVENT) return
    this.#hasAnswered = true
    const { number } = data as { readonly number: number }
    const waiting = this.#waiting.get(number)
    if (!waiting) return
    if (event === RECEIVED_EVENT) waiting.received = true
    else waiting.settle(data as Outcome)
  }
}
