import { VITE_NODE } from '../support/commands.ts'
import type { AppShape } from './app.ts'

/** A way to get an edit into a running server. */
export interface Contender {
  /** As `--only` takes it. */
  readonly name: string
  /** As the table prints it. */
  readonly label: string
  readonly shape: AppShape
}

export const hotNode: Contender = { name: 'hot-node', label: 'vite-node --watch, hotNode()', shape: 'hot-node' }

/** The part nobody can avoid with Vite: notice the write, transform the module, answer. No code is replaced. */
export const viteFloor: Contender = { name: 'vite-floor', label: 'Vite alone: notice + transform', shape: 'floor' }

export const contenders: readonly Contender[] = [hotNode, viteFloor]

export function toArguments(entry: string): readonly string[] {
  return [VITE_NODE, '--watch', entry]
}
