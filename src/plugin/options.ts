import type { FilterPattern } from 'vite'

/** What {@link hotNode} can be told. Everything has a default that serves most. */
export interface HotNodeOptions {
  /**
   * Modules to make hot, by path.
   *
   * @default every module that Vite transforms for a server, but for those in `node_modules`
   */
  readonly include?: FilterPattern
  /**
   * Modules to leave as they are. A change to one of them runs every module again.
   *
   * @default /\/node_modules\//
   */
  readonly exclude?: FilterPattern
  /**
   * What to print: a line for each update and errors, errors only, or nothing.
   *
   * @default 'info'
   */
  readonly logLevel?: 'info' | 'error' | 'silent'
}

export interface ResolvedOptions {
  readonly include: FilterPattern | undefined
  readonly exclude: FilterPattern
  readonly logLevel: 'info' | 'error' | 'silent'
}

export function resolveOptions(options: HotNodeOptions = {}): ResolvedOptions {
  return {
    include: options.include,
    exclude: options.exclude ?? /\/node_modules\//,
    logLevel: options.logLevel ?? 'info',
  }
}
