import path from 'node:path'
import type { ChangedFile } from './history.ts'
import { type ListeningPost, type Settled } from './listening-post.ts'
import type { Options } from './options.ts'
import { Server } from './server.ts'
import type { Workplace } from './workplace.ts'

/** What servers are started with. */
export interface Surroundings {
  readonly options: Options
  readonly place: Workplace
  /** The port that every server of the replay is asked to listen on, one after the other. */
  readonly port: number
  readonly onOutput: (text: string) => void
}

/** Starts a server of the commit that is checked out, without the plugin. */
export function startCold(surroundings: Surroundings): Promise<Server> {
  return start(surroundings, surroundings.options.cold, {})
}

/** The server whose files are changed while it runs. */
export class HotServer {
  readonly #server: Server
  readonly #post: ListeningPost
  readonly #surroundings: Surroundings

  private constructor(server: Server, post: ListeningPost, surroundings: Surroundings) {
    this.#server = server
    this.#post = post
    this.#surroundings = surroundings
  }

  /** Resolves when it listens and its files are watched. */
  static async start(surroundings: Surroundings, post: ListeningPost): Promise<HotServer> {
    const { options } = surroundings
    post.forget()
    const server = await start(surroundings, options.start, { HOT_NODE_REPLAY: String(post.port) })
    const hot = new HotServer(server, post, surroundings)
    try {
      await post.watching(hot.#limit('Vite does not say that it watches files: is hotNode() in its config?'))
      return hot
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  get url(): string {
    return this.#server.url
  }

  /** What it printed from the first error on, or last. */
  get complaint(): string {
    return this.#server.complaint
  }

  /** Changes files under it, and resolves when it has taken them in. Throws when it ends, or does not come to an end. */
  async update(changes: readonly ChangedFile[], change: () => Promise<void>): Promise<Settled> {
    const { root } = this.#surroundings.place
    const files = changes.map(({ file, isDeleted }) => ({ file: path.join(root, file), isDeleted }))
    await this.#post.expect(files, this.#limit('the plugin did not answer'))
    await change()
    const { outcomes, untold } = await this.#post.settled(this.#limit('an update did not come to its end'))
    return { outcomes, untold: untold.map((file) => path.relative(root, path.resolve(root, file))) }
  }

  async stop(): Promise<void> {
    await this.#server.stop()
  }

  #limit(message: string): AbortSignal {
    const limit = new AbortController()
    setTimeout(() => limit.abort(new Error(message)), this.#surroundings.options.limitMs).unref()
    return AbortSignal.any([this.#server.ended, limit.signal])
  }
}

function start(
  { options, place, port, onOutput }: Surroundings,
  command: string,
  env: NodeJS.ProcessEnv,
): Promise<Server> {
  const commands = [place.cwd, place.root].map((folder) => path.join(folder, 'node_modules/.bin'))
  const own = path.join(import.meta.dirname, '../../node_modules/.bin')
  return Server.start({
    command,
    cwd: place.cwd,
    env: {
      ...process.env,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      PORT: String(port),
      PATH: [...commands, own, process.env['PATH']].join(path.delimiter),
      HOT_NODE_REPLAY: undefined,
      HOT_NODE_REPLAY_CONFIG: options.config,
      ...env,
    },
    port,
    url: options.url,
    limitMs: options.limitMs,
    onOutput,
  })
}
