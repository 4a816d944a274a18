import { parseArgs } from 'node:util'
import { parseCount } from '../support/count.ts'
import { type Contender, contenders } from './contenders.ts'

export interface Options {
  readonly edits: number
  /** Sizes of the growth table, ascending. The contenders are compared at the first. */
  readonly modules: readonly number[]
  /** Names of contenders, and `growth` for the second table. */
  readonly only: readonly string[]
}

const HELP = `bench:latency -- [options]

  --edits <n>       edits of each server (50)
  --modules <list>  sizes of the module graph, at least 10 (10,1000,5000)
  --only <list>     of: ${[...contenders.map(({ name }) => name), 'growth'].join(', ')} (all)`

/** Throws, with the usage, for what is not an option or not a number. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        edits: { type: 'string', default: '50' },
        modules: { type: 'string', default: '10,1000,5000' },
        only: { type: 'string', default: [...contenders.map(({ name }) => name), 'growth'].join(',') },
      },
    })
    const modules = values.modules.split(',').map((text) => parseCount(text, 10))
    return {
      edits: parseCount(values.edits),
      modules: modules.toSorted((a, b) => a - b),
      only: parseNames(values.only),
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}

export function isChosen(options: Options, contender: Contender): boolean {
  return options.only.includes(contender.name)
}

function parseNames(text: string): readonly string[] {
  const known = [...contenders.map(({ name }) => name), 'growth']
  const names = text.split(',')
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`'${unknown}' is none of ${known.join(', ')}.`)
  return names
}
