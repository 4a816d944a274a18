import { posix } from 'node:path'
import { type CustomPayload, moduleRunnerTransform } from 'vite'
import { ModuleRunner, type ModuleRunnerTransportHandlers } from 'vite/module-runner'
import type { Files } from '../program/render.ts'
import { KnownCodeEvaluator } from './known-code-evaluator.ts'

/** Vite's module runner over files in memory, without the server that would watch and resolve them. */
export interface MemoryRunner {
  import(path: string): Promise<Record<string, unknown>>
  /** As a server's hot channel does. */
  send(event: string, data: unknown): void
  close(): Promise<void>
}

export interface Settings {
  /** Called for each request of a module. */
  readonly files: () => Files
  /** Code of modules that are no files. */
  readonly virtual?: (id: string) => string | undefined
  /** What becomes of a file's code before Vite's own transform for servers. */
  readonly transform?: (code: string, id: string) => string
  /** What modules send over `import.meta.hot`. */
  readonly onMessage?: (event: string, data: unknown) => void
}

export function createMemoryRunner({ files, virtual, transform, onMessage }: Settings): MemoryRunner {
  let handlers: ModuleRunnerTransportHandlers | undefined
  const fetchModule = async (request: string, importer: string | undefined): Promise<object> => {
    if (request.startsWith('node:')) return { externalize: request, type: 'builtin' }
    const id = request.startsWith('.') ? posix.join(posix.dirname(importer ?? '/'), request) : request
    const path = id.replace(/\?.*$/, '')
    const code = virtual?.(path) ?? files()[path]
    if (code === undefined) throw new Error(`Cannot find module '${request}' imported from '${importer}'`)
    const isFile = virtual?.(path) === undefined
    return {
      code: await toRunnable(isFile && transform ? transform(code, id) : code, id),
      file: path,
      id,
      url: id,
      invalidate: false,
    }
  }
  const evaluator = new KnownCodeEvaluator()
  const runner = new ModuleRunner(
    {
      transport: {
        async invoke(payload) {
          const { name, data } = (payload as CustomPayload).data as { name: string; data: readonly unknown[] }
          if (name === 'getBuiltins') return { result: [{ type: 'RegExp', source: '^node:', flags: '' }] }
          try {
            const [request, importer, options] = data as [string, string | undefined, { cached?: boolean } | undefined]
            // What has run does not run again, whatever has become of its file.
            return { result: options?.cached === true ? { cache: true } : await fetchModule(request, importer) }
          } catch (error) {
            return { error: { ...(error as Error), name: 'Error', message: String(error) } }
          }
        },
        ...(onMessage && {
          connect(given: ModuleRunnerTransportHandlers) {
            handlers = given
          },
          send(payload) {
            if (payload.type === 'custom') onMessage(payload.event, payload.data)
          },
        }),
      },
      hmr: onMessage ? { logger: false } : false,
      sourcemapInterceptor: false,
    },
    evaluator,
  )
  return {
    import(path) {
      // Vite parses in threads: all files at once.
      for (const [id, code] of Object.entries(files()))
        toRunnable(transform ? transform(code, id) : code, id).catch(() => undefined)
      return runner.import(path)
    },
    send: (event, data) => handlers?.onMessage({ type: 'custom', event, data }),
    async close() {
      await runner.close()
      evaluator.close()
    },
  }
}

/** Runnable code, by what it was made from: programs of one run have most of their files in common. */
const runnable = new Map<string, Promise<string>>()
const RUNNABLE_AT_MOST = 2_000

function toRunnable(code: string, id: string): Promise<string> {
  const known = runnable.get(code)
  if (known) return known
  if (runnable.size >= RUNNABLE_AT_MOST) runnable.clear()
  const made = moduleRunnerTransform(resolveImports(code, id), null, id, code).then((result) => {
    if (!result) throw new Error(`${id} could not be transformed.`)
    return result.code
  })
  runnable.set(code, made)
  return made
}

/** As Vite's import analysis does, after all other transforms. */
function resolveImports(code: string, id: string): string {
  return code.replaceAll(/\bfrom (["'])\.\//g, `from $1${posix.dirname(id)}/`)
}
