import {
  type HostName,
  HOSTS,
  pause,
  type Project,
  type ServerProcess,
  startServer,
} from '../../support/process/index.ts'

/** By then the plugin does not look at a file again that was saved, nor does a watcher that polls. */
const LATER = 300

/** A line that ends an update, or one of several of a failure. */
const OUTCOME = /\[hot-node\] (?:patched|re-ran|hot restart|up to date)\b|the running code is behind/

/** Hosts, with a watcher that is told by the system, and one that looks by itself, as in containers. */
export const WATCHERS: readonly { readonly host: HostName; readonly watcher: 'told' | 'polling' }[] = HOSTS.flatMap(
  (host) => [
    { host, watcher: 'told' },
    { host, watcher: 'polling' },
  ],
)

/** What `test/servers/files` answers. */
interface Answer {
  readonly pid: number
  readonly requests: number
  readonly words: string
}

/** A server whose only module but the entry is `src/words.ts`, and what was seen of it so far. */
export class Words {
  readonly server: ServerProcess
  /** Set by {@link answer}. */
  #last: Answer | undefined

  private constructor(server: ServerProcess) {
    this.server = server
  }

  static async start({
    host,
    watcher = 'told',
    prepare,
    options = '',
    cwd,
  }: {
    readonly host: HostName
    readonly watcher?: 'told' | 'polling'
    readonly prepare?: (project: Project) => void
    /** Options of Vite, beside those of the watcher. */
    readonly options?: string
    /** Where it is started, if not in the project's folder. */
    readonly cwd?: string
  }): Promise<Words> {
    const started = await startServer('test/servers/files', {
      host,
      ...(cwd !== undefined && { cwd }),
      prepare: (project) => {
        const watch = watcher === 'polling' ? 'server: { watch: { usePolling: true } }, ' : ''
        project.edit('vite.config.ts', '{ plugins', `{ ${watch}${options}plugins`)
        prepare?.(project)
      },
    })
    return new Words(started)
  }

  get project(): Project {
    return this.server.project
  }

  /** What the server says now. Throws if it lost anything since it was last asked. */
  async answer(): Promise<string> {
    const answer = (await this.server.get('/')).json<Answer>()
    const last = this.#last ?? { pid: answer.pid, requests: 0 }
    if (answer.pid !== last.pid || answer.requests !== last.requests + 1)
      throw new Error(`The server began anew: ${JSON.stringify(last)} became ${JSON.stringify(answer)}`)
    this.#last = answer
    return answer.words
  }

  /** Makes a change; resolves with what is printed for it, once it is clear that nothing else is. */
  async change(act: () => void): Promise<string[]> {
    const mark = this.server.log.mark()
    act()
    await this.server.log.waitForLine(OUTCOME)
    return this.#printedSince(mark)
  }

  /** Makes a change for which nothing may be printed; resolves with what is printed all the same. */
  async changeQuietly(act: () => void): Promise<string[]> {
    const mark = this.server.log.mark()
    act()
    return this.#printedSince(mark)
  }

  async #printedSince(mark: number): Promise<string[]> {
    await pause(LATER)
    return this.server.log
      .since(mark)
      .split('\n')
      .filter((line) => line.includes('[hot-node]'))
      .map((line) => line.replace(/^.*\[hot-node\] /, '').replace(/ · \d+ ms/, ''))
  }
}

export function toWords(word: string): string {
  return `export function words(): string {\n  return '${word}'\n}\n`
}
