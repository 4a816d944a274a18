import { parseArgs } from 'node:util'
import type { InspectorOptions } from './messages.ts'
import { missingEntry, missingValue, unexpectedValue, unknownOption } from './command-error.ts'

/** What was asked for on the command line. */
export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly options: RunOptions }

export interface RunOptions {
  /** As it was written: relative to the working directory. */
  readonly entry: string
  /** For the program. */
  readonly args: readonly string[]
  readonly config?: string
  readonly root?: string
  readonly mode?: string
  readonly inspector?: InspectorOptions
  readonly envFiles: readonly string[]
  /** Patterns of further files on whose change the process is restarted. */
  readonly include: readonly string[]
  readonly clearScreen: boolean
  /** Whether to wait for a save when the server has failed. By default, that is so at a terminal. */
  readonly wait?: boolean
}

/** `optional` values are given with `=` only: what stands after the option may be the entry. */
const OPTIONS = {
  config: { type: 'string', short: 'c', value: 'required' },
  root: { type: 'string', short: 'r', value: 'required' },
  mode: { type: 'string', short: 'm', value: 'required' },
  'env-file': { type: 'string', value: 'required' },
  include: { type: 'string', value: 'required' },
  inspect: { type: 'boolean', value: 'optional' },
  'inspect-brk': { type: 'boolean', value: 'optional' },
  'clear-screen': { type: 'boolean', value: 'none' },
  wait: { type: 'boolean', value: 'none' },
  'no-wait': { type: 'boolean', value: 'none' },
  help: { type: 'boolean', short: 'h', value: 'none' },
  version: { type: 'boolean', short: 'v', value: 'none' },
} as const

type OptionName = keyof typeof OPTIONS

/**
 * Reads the arguments as Node reads its own: options come before the entry, and all that comes after it is for the
 * program. A `--` right after the entry is left out.
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const entryIndex = tokens.find(({ kind }) => kind === 'positional')?.index ?? argv.length
  const given = new Map<OptionName, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option' || token.index > entryIndex) continue
    const name = checkOption(token)
    given.set(name, [...(given.get(name) ?? []), token.value ?? ''])
  }
  if (given.has('help')) return { kind: 'help' }
  if (given.has('version')) return { kind: 'version' }

  const entry = argv[entryIndex]
  if (entry === undefined) throw missingEntry()
  const rest = argv.slice(entryIndex + 1)
  const inspect = (['inspect-brk', 'inspect'] as const).find((name) => given.has(name))
  return {
    kind: 'run',
    options: {
      entry,
      args: rest[0] === '--' ? rest.slice(1) : rest,
      ...lastOf(given, 'config'),
      ...lastOf(given, 'root'),
      ...lastOf(given, 'mode'),
      ...(inspect && { inspector: { address: given.get(inspect)?.at(-1) ?? '', waits: inspect === 'inspect-brk' } }),
      envFiles: given.get('env-file') ?? [],
      include: given.get('include') ?? [],
      clearScreen: given.has('clear-screen'),
      ...(given.has('wait') && { wait: true }),
      ...(given.has('no-wait') && { wait: false }),
    },
  }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
}

function checkOption({ name, rawName, value }: OptionToken): OptionName {
  if (!Object.hasOwn(OPTIONS, name)) throw unknownOption(rawName)
  const option = name as OptionName
  const takes = OPTIONS[option].value
  if (takes === 'required' && (value === undefined || value === '')) throw missingValue(rawName)
  if (takes === 'none' && value !== undefined) throw unexpectedValue(rawName, value)
  return option
}

function lastOf<Name extends 'config' | 'root' | 'mode'>(
  given: ReadonlyMap<OptionName, readonly string[]>,
  name: Name,
): { [key in Name]?: string } {
  const value = given.get(name)?.at(-1)
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: string }
}
