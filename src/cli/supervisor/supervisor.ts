import path from 'node:path'
import type { RunOptions } from '../command-line.ts'
import { clearScreen, log } from '../log.ts'
import type { ServerMessage, Task } from '../messages.ts'
import { readKeys } from './keys.ts'
import { nextChange } from './next-change.ts'
import { type End, type PassedHandle, type ServerListener, ServerProcess } from './server-process.ts'
import { endAs, ENDING, passSignalsOn } from './signals.ts'

const WAITS = 'waits for a save'

/** How long the server's process may take to answer, and to end in favour of the next. */
const LONGEST_ANSWER = 3_000
const LONGEST_RETIREMENT = 30_000

/**
 * Starts the server's process, hands signals on to it, starts another one in its place when that has to be, and ends as it
 * does.
 *
 * A restart goes like this: the next process makes its Vite server (`booted`), gets copies of what the current one listens on
 * (`lend`, `lent`, `inherit`), and runs the program (`start`). The current one answers meanwhile. Once the next one listens in
 * its place (`ready`), the current one is retired: it accepts nothing more (`retire`), and is told to end when its connections
 * are closed (`drained`).
 */
export class Supervisor implements ServerListener {
  readonly #task: Omit<Task, 'startsOn'>
  readonly #options: RunOptions
  /** Serves, or is to. None while nothing runs. */
  #current: ServerProcess | undefined
  /** Is to take its place. */
  #next: ServerProcess | undefined
  /** How many handles it has been given. */
  #passed = 0
  /** Those that others have taken the place of. */
  readonly #retired = new Set<ServerProcess>()
  /** Somebody wants the server to end. */
  #isEnding = false
  /** By a key: then it is no failure that it does. */
  #isQuitting = false
  /** The current process is to end before the next one runs: it has something that cannot be shared. */
  #stopsFirst = false
  /** It has been told to. */
  #isStopping = false
  /** Until the current process answers. */
  #patience: NodeJS.Timeout | undefined
  /** While any change may be what lets Vite start. */
  #stopWaiting: (() => void) | undefined
  /** How the last process ended that ran the program. */
  #lastEnd: End = { code: 0, signal: null }

  constructor(task: Omit<Task, 'startsOn'>, options: RunOptions) {
    this.#task = task
    this.#options = options
  }

  run(): void {
    passSignalsOn((signal) => this.#signal(signal))
    this.#current = this.#start('boot')
    if (process.stdin.isTTY) readKeys(this, { areOn: this.#isInteractive })
  }

  /** Applies what is saved and has not been applied. Where nothing runs, that is all of it. */
  update(): void {
    if (this.#current?.runs) this.#current.send({ kind: 'update' })
    else this.restart()
  }

  /** Ends the server as its own handlers decide, and the command with its code. */
  quit(): void {
    this.#isEnding = true
    this.#isQuitting = true
    this.#drop()
    if (this.#current?.runs) this.#current.terminate()
    else this.#end(this.#lastEnd)
  }

  /** What somebody typed and was no key, or the end of it. */
  input(text: string | undefined): void {
    if (text === undefined) this.#current?.input?.end()
    else this.#current?.input?.write(text)
  }

  restart(): void {
    if (this.#isEnding) return
    if (this.#options.clearScreen) clearScreen()
    // A key came first.
    this.#stopWaiting?.()
    this.#drop()
    if (!this.#current) this.#current = this.#start('boot')
    else if (!this.#current.runs) this.#replace('boot')
    else this.#next = this.#start('word')
  }

  onMessage(from: ServerProcess, message: ServerMessage, handle: PassedHandle | undefined): void {
    switch (message.kind) {
      case 'booted':
        if (from !== this.#next) return
        if (!this.#current) from.send({ kind: 'start' })
        else if (!this.#isStopping) this.#askToLend(this.#current)
        return
      case 'lent':
        if (!handle) return
        if (from !== this.#current || !this.#next) return handle.close()
        this.#passed += 1
        return this.#next.pass({ kind: 'inherit', place: message.place }, handle)
      case 'lent-all':
        clearTimeout(this.#patience)
        if (from !== this.#current || !this.#next) return
        if (message.count > 0 && !this.#stopsFirst) this.#next.send({ kind: 'start' })
        else this.#stop()
        return
      case 'moved':
        return handle && this.#move(from, message.port, handle)
      case 'ready':
        if (from === this.#next) this.#takeOver(from)
        return
      case 'outdated':
        if (from !== this.#current && from !== this.#next) return
        if (message.file !== undefined) log(`${this.#toName(message.file)} changed, restarting`)
        return this.restart()
      case 'waiting':
        return log(WAITS)
      case 'saved':
        return log(`${this.#toName(message.file)} changed, starting again`)
      case 'retired':
        if (this.#current && from !== this.#current) this.#tellOfRestart(this.#current)
        return
      case 'drained':
        return from.terminate()
      case 'uncaught':
        return
      default:
        message satisfies never
    }
  }

  onEnd(from: ServerProcess, end: End): void {
    if (from === this.#next) this.#abandon(from, end)
    else if (from === this.#current) this.#finish(from, end)
    else this.#retired.delete(from)
  }

  #start(startsOn: Task['startsOn']): ServerProcess {
    return new ServerProcess({ ...this.#task, startsOn }, { pipesInput: process.stdin.isTTY }, this)
  }

  /** Starts another process in the place of one that runs nothing yet. */
  #replace(startsOn: Task['startsOn']): void {
    const previous = this.#current
    this.#current = this.#start(startsOn)
    previous?.signal('SIGKILL')
  }

  /** Ends the current process, after which the next one runs. */
  #stop(): void {
    this.#isStopping = true
    this.#current?.send({ kind: 'retire' })
    this.#current?.expectEnd(LONGEST_RETIREMENT)
  }

  /** One that does not answer is in a loop, or stopped by a debugger. */
  #askToLend(current: ServerProcess): void {
    current.send({ kind: 'lend' })
    this.#patience = setTimeout(() => {
      if (current !== this.#current || !this.#next) return
      log(`${this.#entryName} has not answered for ${LONGEST_ANSWER / 1000} s, and is killed`, 'yellow')
      this.#isStopping = true
      current.signal('SIGKILL')
    }, LONGEST_ANSWER)
  }

  #move(from: ServerProcess, port: number, handle: PassedHandle): void {
    const to = from === this.#current ? this.#next : this.#current
    if (to) to.pass({ kind: 'adopt', port }, handle)
    else handle.close()
  }

  #takeOver(next: ServerProcess): void {
    const previous = this.#current
    this.#current = next
    this.#next = undefined
    if (!previous) return this.#tellOfRestart(next)
    this.#retired.add(previous)
    previous.send({ kind: 'retire' })
  }

  #tellOfRestart(next: ServerProcess): void {
    const ms = Math.round(performance.now() - next.started)
    const sockets = this.#passed === 1 ? 'its listening socket was' : `its ${this.#passed} listening sockets were`
    log(`restarted${this.#passed > 0 ? `, ${sockets} handed over` : ''} · ${ms} ms`)
  }

  /** The next process has ended before it could take over. */
  #abandon(from: ServerProcess, end: End): void {
    this.#next = undefined
    if (!this.#current) return this.#finish(from, end)
    if (this.#isStopping) this.#lastEnd = end
    else if (end.code === 0) {
      this.#lastEnd = end
      this.#stop()
    } else if (end.uncaught?.code === 'EADDRINUSE' && !this.#stopsFirst) {
      log('something that the process from before listens on cannot be handed over: it is stopped first', 'yellow')
      this.#stopsFirst = true
      this.#passed = 0
      this.#next = this.#start('word')
    } else {
      this.#current.send({ kind: 'carry-on' })
      log(`the restart failed with ${toText(end)}; the process from before serves on`, 'red')
    }
  }

  /** The current process has ended. */
  #finish(from: ServerProcess, own: End): void {
    const wasStopped = this.#isStopping
    this.#current = undefined
    this.#isStopping = false
    this.#stopsFirst = false
    if (this.#next && !this.#isEnding) {
      if (!wasStopped) log(`${this.#entryName} ended with ${toText(own)} while it was restarted`, 'yellow')
      return this.#next.send({ kind: 'start' })
    }
    const end = wasStopped ? this.#lastEnd : own
    this.#lastEnd = end
    const hasFailed = end.code !== 0 && !this.#isEnding
    if (hasFailed && this.#waits) return this.#wait(from, end)
    if (hasFailed && end.uncaught) log(`${this.#entryName} ended with ${toText(end)}`, 'red')
    this.#end(this.#isQuitting && end.signal ? { code: 0, signal: null } : end)
  }

  /** Starts a process that runs the program at the next save. Where Vite cannot even start, any change will do. */
  #wait(from: ServerProcess, end: End): void {
    log(`${this.#entryName} ended with ${toText(end)}; the next save starts it again`, 'red')
    if (from.hasBooted) {
      this.#current = this.#start('save')
      return
    }
    this.#stopWaiting = nextChange(this.#folders, () => this.restart())
    log(WAITS)
  }

  get #waits(): boolean {
    return this.#options.wait ?? this.#isInteractive
  }

  get #isInteractive(): boolean {
    return process.stdin.isTTY && !process.env.CI
  }

  /** Where a change may be what lets Vite start. */
  get #folders(): string[] {
    const { root, config = root, entry } = this.#task
    return [...new Set([root, path.dirname(config), path.dirname(entry)])]
  }

  #end(end: Pick<End, 'code' | 'signal'>): void {
    this.#drop()
    for (const one of this.#retired) one.signal('SIGKILL')
    endAs(end)
  }

  #drop(): void {
    const next = this.#next
    this.#next = undefined
    this.#passed = 0
    this.#stopsFirst = false
    clearTimeout(this.#patience)
    next?.signal('SIGKILL')
  }

  #signal(signal: NodeJS.Signals): void {
    if (ENDING.has(signal)) {
      this.#isEnding = true
      this.#drop()
    }
    if (this.#current) this.#current.signal(signal)
    else if (ENDING.has(signal)) this.#end({ code: null, signal })
  }

  #toName(file: string): string {
    return path.relative(process.cwd(), file)
  }

  get #entryName(): string {
    return this.#toName(this.#task.entry)
  }
}

function toText({ code, signal, uncaught }: End): string {
  const how = signal ?? `code ${code}`
  return uncaught ? `${how}, by an error that nobody caught` : how
}
