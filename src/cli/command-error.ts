import { styleText } from 'node:util'

/** What the command refuses to do. Its message is printed with the way to repair it, and the command ends with 1. */
export class CommandError extends Error {
  readonly code: string
  readonly repair: string

  constructor(code: string, message: string, repair: string) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.repair = repair
  }
}

/** Prints it, and has the process end with 1. */
export function refuse(error: unknown): void {
  if (!(error instanceof CommandError)) throw error
  process.stderr.write(`${styleText('red', `hot-node: ${error.message}`)}\n  ${error.repair}\n`)
  process.exitCode = 1
}

export function unknownOption(option: string): CommandError {
  return new CommandError(
    'unknown_option',
    `hot-node has no option ${option}.`,
    'See hot-node --help. Options of the program come after its file, and options of Node go into NODE_OPTIONS.',
  )
}

export function missingValue(option: string): CommandError {
  return new CommandError('missing_value', `${option} needs a value.`, `Write ${option}=value. See hot-node --help.`)
}

export function unexpectedValue(option: string, value: string): CommandError {
  return new CommandError(
    'unexpected_value',
    `${option} takes no value, and got ${value}.`,
    `Write ${option} alone. See hot-node --help.`,
  )
}

export function missingEntry(): CommandError {
  return new CommandError(
    'missing_entry',
    'No file to run was given.',
    'Write hot-node server.ts, or see hot-node --help.',
  )
}

export function entryNotFound(entry: string): CommandError {
  return new CommandError(
    'entry_not_found',
    `${entry} is no file.`,
    'Give the path of the file to run, with its extension.',
  )
}

export function configNotFound(config: string): CommandError {
  return new CommandError('config_not_found', `${config} is no file.`, 'Give --config the path of a Vite config.')
}

export function rootNotFound(root: string): CommandError {
  return new CommandError('root_not_found', `${root} is no folder.`, 'Give --root the path of a folder that is there.')
}

export function notRunnable(): CommandError {
  return new CommandError(
    'not_runnable',
    'The Vite config makes an environment "ssr" that does not run modules in Node.',
    'Give hot-node another config with --config.',
  )
}
