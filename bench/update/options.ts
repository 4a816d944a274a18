import { parseArgs } from 'node:util'
import { parseCount } from '../support/count.ts'

export interface Options {
  readonly edits: number
  /** Modules in the graph of the server. */
  readonly modules: number
}

const HELP = `bench:update -- [options]

  --edits <n>    edits of the server, and of the floor's file (200)
  --modules <n>  modules of the server, at least 10 (10)`

/** Throws, with the usage, for what is not an option or not a number. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { edits: { type: 'string', default: '200' }, modules: { type: 'string', default: '10' } },
    })
    return { edits: parseCount(values.edits), modules: parseCount(values.modules, 10) }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}
