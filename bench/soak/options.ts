import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseCount } from '../support/count.ts'

export interface Options {
  readonly updates: number
  /** How many updates lie between two looks at the heap. */
  readonly every: number
  /** Where heap snapshots go, one for each look. Absent if none are wanted. */
  readonly snapshots: string | undefined
}

const HELP = `bench:soak -- [options]

  --updates <n>        updates, patches and re-runs in turn (10000)
  --every <n>          updates between two looks at the heap (1000)
  --snapshots <folder> writes a heap snapshot at each look, for whoever looks for a leak`

/** Throws, with the usage, for what is not an option or not a number. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        updates: { type: 'string', default: '10000' },
        every: { type: 'string', default: '1000' },
        snapshots: { type: 'string' },
      },
    })
    return {
      updates: parseCount(values.updates),
      every: parseCount(values.every),
      snapshots: values.snapshots === undefined ? undefined : resolve(values.snapshots),
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}
