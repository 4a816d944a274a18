import type { AddressInfo } from 'node:net'
import type { Address } from '../runtime/resources/listen-arguments.ts'

/** Where a handle listens: what the program had asked for, and what the system has made of it. */
export interface Place {
  readonly address: Address
  readonly bound: AddressInfo | string | null
}

/** How Node's inspector is to be opened. */
export interface InspectorOptions {
  /** `[host:]port`, or less. */
  readonly address: string
  /** Wait for a debugger, and stop at the first line of the entry. */
  readonly waits: boolean
}

/** What a server's process is started for: given to it as JSON, before anything else. */
export interface Task {
  /** Absolute. */
  readonly entry: string
  readonly args: readonly string[]
  readonly root: string
  readonly config?: string
  readonly mode?: string
  readonly include: readonly string[]
  readonly envFiles: readonly string[]
  readonly inspector?: InspectorOptions
  /** When the entry is run: once Vite is there, when the supervisor says so, or when a file is saved. */
  readonly startsOn: 'boot' | 'word' | 'save'
}

/** What a server's process tells its supervisor. */
export type ServerMessage =
  /** Vite is there, and the entry waits for a word. */
  | { readonly kind: 'booted' }
  /** From here on, a save is noticed. */
  | { readonly kind: 'waiting' }
  /** A file was saved, for which the entry had waited. */
  | { readonly kind: 'saved'; readonly file: string }
  /** The entry has been evaluated, and what was handed over is listened on or given up. */
  | { readonly kind: 'ready' }
  /** With a handle that it listens on, and goes on to. */
  | { readonly kind: 'lent'; readonly place: Place }
  /** It has lent all, so many. */
  | { readonly kind: 'lent-all'; readonly count: number }
  /** With a handle: a connection to a port, on which no request is under way. */
  | { readonly kind: 'moved'; readonly port: number }
  /** What this process has read no longer holds; a file that says so, if Vite has not named it. */
  | { readonly kind: 'outdated'; readonly file?: string }
  /** It accepts nothing more, and idle connections are on their way. */
  | { readonly kind: 'retired' }
  /** It has been retired, and all its connections are closed or have moved. */
  | { readonly kind: 'drained' }
  /** It is about to end, as nobody has caught an error. */
  | { readonly kind: 'uncaught'; readonly code?: string }

/** What a supervisor tells a server's process. */
export type SupervisorMessage =
  /** Lend what you listen on, and let go of the inspector. */
  | { readonly kind: 'lend' }
  /** With a handle that the process before listens on. */
  | { readonly kind: 'inherit'; readonly place: Place }
  /** With a handle: a connection to a port that the process before has accepted. */
  | { readonly kind: 'adopt'; readonly port: number }
  /** Run the entry. */
  | { readonly kind: 'start' }
  /** No other process takes over after all. */
  | { readonly kind: 'carry-on' }
  /** Another process serves: end what is under way. */
  | { readonly kind: 'retire' }
  /** Apply what is saved. */
  | { readonly kind: 'update' }
