import { parseArgs } from 'node:util'
import { parseCount } from '../support/count.ts'

export const PARTS = ['http', 'hono', 'nanoseconds'] as const
export type Part = (typeof PARTS)[number]

export interface Options {
  /** Measurements of each server. */
  readonly rounds: number
  /** How long one measurement of a server lasts. */
  readonly seconds: number
  readonly only: readonly Part[]
}

const HELP = `bench:overhead -- [options]

  --rounds <n>    rounds of requests to each server (15)
  --seconds <n>   length of a round (1)
  --only <list>   of: ${PARTS.join(', ')} (all)`

/** Throws, with the usage, for what is not an option or not a number. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '15' },
        seconds: { type: 'string', default: '1' },
        only: { type: 'string', default: PARTS.join(',') },
      },
    })
    return {
      rounds: parseCount(values.rounds),
      seconds: parseCount(values.seconds),
      only: values.only.split(',').map(parsePart),
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error })
  }
}

function parsePart(text: string): Part {
  const part = PARTS.find((name) => name === text)
  if (part === undefined) throw new Error(`'${text}' is none of ${PARTS.join(', ')}.`)
  return part
}
