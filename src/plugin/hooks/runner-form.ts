import { type DevEnvironment, type Environment, moduleRunnerTransform, type Plugin } from 'vite'
import { bodyStart, toHeadEnd } from '../instrument/module.ts'
import { withChannel } from '../local-channel.ts'
import { isKnownForm, writeHead } from './head-form.ts'
import { NO_MAP, readReadyRuntime } from './ready-runtime.ts'
import { RESOLVED_ID, RUNTIME_PATH, RUNTIME_URL } from './runtime-module.ts'

interface Result {
  readonly code: string
  readonly map: never
}

/** What is known of an environment. */
interface Served {
  /** Its modules get their form here, and not from Vite. */
  readonly isTaken: boolean
  /** Where its runner finds the runtime, as a literal. */
  readonly address: string
  /** What the names of hot modules begin with, by id. Written with each transform. */
  readonly prefixes: Map<string, string>
}

/**
 * Gives modules the form in which runners evaluate them, in place of Vite.
 *
 * For that, Vite would parse, walk and map the code once more, and hot code is several times as long as its source. All
 * that has to change of it is in the head, its first line: so Vite is only asked about that, and the rest stays where it
 * is, so that its source map remains true. Of a module that is not hot Vite is asked about all, as it would do itself.
 */
export class RunnerForm {
  readonly #served = new WeakMap<Environment, Served>()
  #runtime: Promise<string | undefined> | undefined
  /** Heads can be written here, as Vite would write them. */
  #isKnown: Promise<boolean> | undefined

  /** Has Vite leave an environment's modules to us, if it would give them their form. */
  takeOver(environment: DevEnvironment, isViteNode: boolean): void {
    const { dev } = environment.config
    const isTaken = dev.moduleRunnerTransform
    // vite-node would ask all plugins about the usual address, for every module anew.
    const address = JSON.stringify(isViteNode ? RUNTIME_PATH : RUNTIME_URL)
    this.#served.set(environment, { isTaken, address, prefixes: new Map() })
    if (isTaken) dev.moduleRunnerTransform = false
  }

  /** The runtime in its form, for an environment whose modules get theirs here. */
  async runtimeFor(environment: Environment): Promise<string | undefined> {
    return this.has(environment)
      ? (this.#runtime ??= readReadyRuntime(new URL('./runtime.ready.js', import.meta.url)))
      : undefined
  }

  /** Whether hot modules of an environment import the runtime only in the form they get here. */
  has(environment: Environment): boolean {
    return this.#served.get(environment)?.isTaken ?? false
  }

  /** @param prefix of the names in its hot code; absent for a module that is not hot */
  note(environment: Environment, id: string, prefix: string | undefined): void {
    const prefixes = this.#served.get(environment)?.prefixes
    if (prefix === undefined) prefixes?.delete(id)
    else prefixes?.set(id, prefix)
  }

  /** To be called last of all, once imports are resolved. Leaves its form to Vite where that gives one, or nobody. */
  async transform(environment: Environment, code: string, id: string): Promise<Result | null> {
    const served = this.#served.get(environment)
    if (!served) return null
    const ready = id === RESOLVED_ID ? await this.runtimeFor(environment) : undefined
    if (ready !== undefined) return { code: withChannel(ready, environment), map: null as never }
    // vite-node itself gives their form to modules of the client's environment, those that are no scripts.
    if (!served.isTaken) return { code: link(code, served), map: null as never }
    const prefix = served.prefixes.get(id)
    const end = prefix === undefined ? -1 : code.indexOf(toHeadEnd(prefix))
    if (prefix === undefined || end === -1) return transformAll(environment, code, id, served)
    const start = bodyStart(code)
    const text = code.slice(start, end)
    const head = ((await (this.#isKnown ??= isKnownForm())) ? writeHead(text) : undefined) ?? (await askVite(text, id))
    if (head === undefined) return null
    const runtime = `const { create: ${prefix}_create } = await __vite_ssr_import__(${served.address}); `
    return {
      code: code.slice(0, start) + runtime + head + code.slice(end),
      map: null as never,
    }
  }
}

async function askVite(head: string, id: string): Promise<string | undefined> {
  const form = await moduleRunnerTransform(head, NO_MAP, id, '')
  // Its line breaks are white space: there is no comment in it.
  return form?.code.replaceAll('\n', ' ')
}

async function transformAll(
  { config: { json } }: Environment,
  code: string,
  id: string,
  served: Served,
): Promise<Result | null> {
  const options = { json: { stringify: json?.stringify === true && json.namedExports !== true } }
  const result = await moduleRunnerTransform(code, null, id, code, options)
  if (!result) return null
  // Vite reads what the sources have, which is not the code that came here.
  if (result.map) Reflect.deleteProperty(result.map, 'sourcesContent')
  return { code: link(result.code, served), map: result.map as never }
}

/** All modules have to come by one instance of the runtime. */
function link(code: string, { address }: Served): string {
  return code.replaceAll(JSON.stringify(RUNTIME_URL), address)
}

/** The plugin whose hook comes after those of all others. */
export function runnerForm(form: RunnerForm): Plugin {
  return {
    name: 'hot-node:runner-form',
    enforce: 'post',
    apply: 'serve',
    transform: {
      order: 'post',
      handler(code, id) {
        return form.transform(this.environment, code, id)
      },
    },
  }
}
