import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { isCalledByPackage } from './caller.ts'
import { silenceEnd } from './last-words.ts'
import type { Ownership } from './ownership.ts'
import type { Resource } from './resource.ts'
import { toScriptFile } from './script-path.ts'

/** A process that is still there so many milliseconds after SIGTERM is ended by force. */
const PATIENCE_AFTER_SIGTERM = 5000

/**
 * Notes the child processes that units start, by `spawn`, `exec`, `execFile` or `fork`. Node tells of each, so nothing is
 * wrapped.
 *
 * Touches an internal of Node, `child._handle.hasRef()`, read in Node 20 to 26: nothing public says whether a child was
 * unreferenced.
 */
export function watchChildProcesses(ownership: Ownership): void {
  subscribe('child_process', function noteChildProcess(message) {
    if (!ownership.current) return
    const child = (message as { readonly process: ChildProcessWithHandle }).process
    ownership.own(new OwnedChildProcess(child, isCalledByPackage(noteChildProcess)))
  })
}

type ChildProcessWithHandle = ChildProcess & { readonly _handle?: { hasRef?(): boolean } | null }

class OwnedChildProcess implements Resource {
  readonly #child: ChildProcessWithHandle
  readonly #isOfPackage: boolean

  constructor(child: ChildProcessWithHandle, isOfPackage: boolean) {
    this.#child = child
    this.#isOfPackage = isOfPackage
  }

  get label(): string {
    return `child process ${this.#child.spawnfile ?? ''}`.trimEnd()
  }

  runs(file: string): boolean {
    return this.#child.spawnargs?.some((argument) => toScriptFile(argument) === file) ?? false
  }

  isEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  dispose(): void {
    // Node tells of a child before it is started.
    if (this.#child.pid === undefined) this.#child.once('spawn', () => this.#end())
    else this.#end()
  }

  #end(): void {
    const child = this.#child
    if (this.isEnded() || this.#isToStay(child.pid)) return
    silenceEnd(child)
    child.kill('SIGTERM')
    const timer = setTimeoutAsNode(() => child.kill('SIGKILL'), PATIENCE_AFTER_SIGTERM)
    timer.unref()
    child.once('exit', () => clearTimeout(timer))
  }

  /**
   * It is meant to live on: a daemon, detached and unreferenced so that it outlives this process; or the service of a
   * package, unreferenced so that it holds nobody up, that the new code may be using.
   */
  #isToStay(pid: number | undefined): boolean {
    const isUnreferenced = this.#child._handle?.hasRef?.() === false
    return isUnreferenced && (this.#isOfPackage || isGroupLeader(pid))
  }
}

/** Whether it was started `detached`. On Windows there is no telling. */
function isGroupLeader(pid: number | undefined): boolean {
  if (pid === undefined || process.platform === 'win32') return false
  try {
    return process.kill(-pid, 0)
  } catch {
    // There is no such group.
    return false
  }
}

/** Not the one that is being wrapped. */
const setTimeoutAsNode = setTimeout
