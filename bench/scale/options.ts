import { parseArgs } from 'node:util'
import { parseCount } from '../support/count.ts'

/** In what an app can be large. */
export const AXES = ['modules', 'importers', 'heap', 'files'] as const

export type Axis = (typeof AXES)[number]

export interface Options {
  readonly only: readonly Axis[]
  /** Sizes along each axis, ascending. */
  readonly sizes: Readonly<Record<Axis, readonly number[]>>
  /** Starts of each app that is started with and without the plugin, in turn. */
  readonly rounds: number
  /** Edits of each kind at each size. */
  readonly edits: number
}

const HELP = `bench:scale -- [options]

  --only <list>       of: ${AXES.join(', ')} (all)
  --modules <list>    modules of the app (100,300,1000)
  --importers <list>  modules that import the edited one (1,100,1000)
  --heap <list>       MiB that the server holds beside its code (10,100)
  --files <list>      files saved at once (1,10,100)
  --rounds <n>        starts of each app with and without the plugin (3)
  --edits <n>         edits of each kind at each size (10)`

/** Throws, with the usage, for what is not an option or not a number. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: AXES.join(',') },
        modules: { type: 'string', default: '100,300,1000' },
        importers: { type: 'string', default: '1,100,1000' },
        heap: { type: 'string', default: '10,100' },
        files: { type: 'string', default: '1,10,100' },
        rounds: { type: 'string', default: '3' },
        edits: { type: 'string', default: '10' },
      },
    })
    const [modules, importers, heap, files] = AXES.map((axis) => parseSizes(values[axis])) as [
      number[],
      number[],
      number[],
      number[],
    ]
    return {
      only: parseAxes(values.only),
      sizes: { modules, importers, heap, files },
      rounds: parseCount(values.rounds),
      edits: parseCount(values.edits),
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}

function parseSizes(text: string): number[] {
  return text
    .split(',')
    .map((size) => parseCount(size))
    .toSorted((a, b) => a - b)
}

function parseAxes(text: string): Axis[] {
  return text.split(',').map((name) => {
    const axis = AXES.find((known) => known === name)
    if (axis === undefined) throw new Error(`'${name}' is none of ${AXES.join(', ')}.`)
    return axis
  })
}
