import { parseArgs } from 'node:util'
import { parseCount } from '../support/count.ts'
import { peers } from './peers.ts'

export interface Options {
  /** Edits of each peer of which the times are taken. */
  readonly edits: number
  /** Edits after which memory is measured, of peers that keep the process. */
  readonly memoryEdits: number
  /** Starts of each peer, and rounds of requests to it. */
  readonly rounds: number
  /** Names of peers. */
  readonly only: readonly string[]
  /** Whether the record, the README and the chart are written. */
  readonly write: boolean
  /** Whether the last record is printed and written again, and nothing measured. */
  readonly render: boolean
}

const NAMES = peers.map(({ name }) => name)

const HELP = `bench:field -- [options]

  --edits <n>         edits of each peer (40)
  --memory-edits <n>  edits after which memory is measured (500)
  --rounds <n>        starts of each peer, and rounds of requests to it (5)
  --only <list>       of: ${NAMES.join(', ')} (all)
  --write             write the record, the tables of the README and docs/field.svg
  --render            write them from the last record, measure nothing`

/** Throws, with the usage, for what is not an option or not a number. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        edits: { type: 'string', default: '40' },
        'memory-edits': { type: 'string', default: '500' },
        rounds: { type: 'string', default: '5' },
        only: { type: 'string', default: NAMES.join(',') },
        write: { type: 'boolean', default: false },
        render: { type: 'boolean', default: false },
      },
    })
    const only = values.only.split(',')
    const unknown = only.find((name) => !NAMES.includes(name))
    if (unknown !== undefined) throw new Error(`'${unknown}' is none of ${NAMES.join(', ')}.`)
    if (values.write && only.length < NAMES.length) throw new Error('--write needs all peers: leave out --only.')
    return {
      edits: parseCount(values.edits),
      memoryEdits: parseCount(values['memory-edits']),
      rounds: parseCount(values.rounds),
      only,
      write: values.write,
      render: values.render,
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}
