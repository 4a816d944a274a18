import type { ModuleRecord, UpdateFailure } from '../protocol/index.ts'

/** An update that cannot be applied. Each failure has one function below and a heading in docs/errors.md. */
export class HotError extends Error {
  readonly code: string
  readonly repair: string
  /** The import that failed, if that is what it is about. */
  import?: UpdateFailure['import']

  constructor(code: string, message: string, repair: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HotError'
    this.code = code
    this.repair = repair
  }
}

/** What somebody threw, in words. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

export function missingExport(importer: ModuleRecord, name: string, specifier: string): HotError {
  const error = new HotError(
    'missing_export',
    `${importer.label} imports ${JSON.stringify(name)} from ${JSON.stringify(specifier)}, which does not export it.`,
    'Export the name there, or import another.',
  )
  error.import = { importer: importer.id, specifier }
  return error
}

export function importFailed(importer: ModuleRecord, specifier: string, cause: unknown): HotError {
  const error = new HotError(
    'import_failed',
    `${importer.label} imports ${JSON.stringify(specifier)}, which did not load: ${reasonOf(cause)}`,
    'Correct the path, or what the module does when it is loaded.',
    { cause },
  )
  error.import = { importer: importer.id, specifier }
  return error
}

export function listensNoMore(unit: string, module: string): HotError {
  return new HotError(
    'listens_no_more',
    `${unit} in ${module} opened a server when it ran before. Now it ran to its end, and no server listens.`,
    'See whether it printed why. If it is not meant to listen any more, restart the process.',
  )
}

export function addressTaken(unit: string, module: string): HotError {
  return new HotError(
    'address_taken',
    `A server now listens where that of ${unit} in ${module} does, which is still there: EADDRINUSE on a fresh start.`,
    'Let one of them listen elsewhere.',
  )
}

/** @param obstacle why not */
export function notReplaceable(label: string, reason: string, obstacle: string): HotError {
  return new HotError(
    'not_replaceable',
    `${label} changed, but it cannot be loaded anew: ${reason}, and ${obstacle}.`,
    'Restart the process.',
  )
}

export function deletedButImported(deleted: string, importer: string): HotError {
  return new HotError(
    'deleted_but_imported',
    `${deleted} was deleted, but ${importer} still imports it.`,
    'Bring the file back, or remove the import.',
  )
}

export function protocolMismatch(theirs: number, ours: number): HotError {
  return new HotError(
    'protocol_mismatch',
    `The update speaks version ${theirs} of the protocol, this process version ${ours}.`,
    'Restart the process: the plugin was replaced by another version while it ran.',
  )
}

export function rerunFailed(unit: string, module: string, cause: unknown): HotError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return new HotError(
    'rerun_failed',
    `${reason} (thrown by ${unit} in ${module} when it ran again)`,
    'Everything was put back as it was; correct the code and save.',
    { cause },
  )
}

/** An error as data. The stack is that of the cause, where there is one: it is the user's code. */
export function toFailure(error: unknown): UpdateFailure {
  const cause = error instanceof HotError && error.cause instanceof Error ? error.cause : error
  const stack = cause instanceof Error ? { stack: String(cause.stack) } : {}
  if (error instanceof HotError)
    return {
      code: error.code,
      message: error.message,
      repair: error.repair,
      ...stack,
      ...(error.import ? { import: error.import } : {}),
    }
  return {
    code: 'update_failed',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    ...stack,
  }
}
