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
   * Whether browsers that have a page of Vite's dev server open load it again when an update has changed what the server
   * answers. Modules that the page has, too, are updated there by Vite.
   *
   * @default true
   */
  readonly reloadBrowser?: boolean
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
  readonly reloadBrowser: boolean
  readonly logLevel: 'info' | 'error' | 'silent'
}

export function resolveOptions(options: HotNodeOptions = {}): ResolvedOptions {
  return {
    include: options.include,
    exclude: options.exclude ?? /\/node_modules\//,
    reloadBrowser: options.reloadBrowser ?? true,
    logLevel: options.logLevel ?? 'info',
  }
}
