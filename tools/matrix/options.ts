import { parseArgs } from 'node:util'

/** The long-term versions that package.json allows, and the newest. */
const MAJORS = [20, 22, 24, 26]

export interface Options {
  /** Major versions of Node. */
  readonly majors: readonly number[]
  /** A file for the report of vitest's JSON reporter. */
  readonly report: string | undefined
  /** Which tests: files and other arguments, as vitest takes them. */
  readonly vitestArguments: readonly string[]
}

const HELP = `test:matrix -- [options] [files] [-- vitest's options]

  --node <major>     a version of Node; may be repeated (${MAJORS.join(', ')})
  --report <file>    a JSON report of the tests, for one version
  -h, --help

Without files it runs test/process.`

/**
 * @throws TypeError for an option that does not exist
 * @throws RangeError for a version that is none, and for one report of several
 */
export function parseOptions(args: readonly string[]): Options {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const { values, positionals } = parseArgs({
    args: args.slice(0, end),
    allowPositionals: true,
    options: {
      node: { type: 'string', multiple: true },
      report: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(HELP)
    process.exit()
  }
  const majors = values.node?.map(Number) ?? MAJORS
  if (!majors.every((major) => Number.isInteger(major) && major > 0))
    throw new RangeError('--node takes a major version, such as 24.')
  if (values.report !== undefined && majors.length > 1) throw new RangeError('--report is for one version.')
  const files = positionals.length === 0 ? ['test/process'] : positionals
  return { majors, report: values.report, vitestArguments: [...files, ...args.slice(end + 1)] }
}
