import { TSX, VITE_NODE } from '../support/commands.ts'
import type { AppShape } from './app.ts'

/** A way to get an edit into a running server. */
export interface Contender {
  /** As `--only` takes it. */
  readonly name: string
  /** As the table prints it. */
  readonly label: string
  readonly args: (entry: string) => readonly string[]
  readonly shape: AppShape
}

const viteNode = (entry: string): readonly string[] => [VITE_NODE, '--watch', entry]

export const hotNode: Contender = {
  name: 'hot-node',
  label: 'vite-node --watch, hotNode()',
  args: viteNode,
  shape: { language: 'ts', server: 'ordinary', config: 'hot-node' },
}

/** The part nobody can avoid with Vite: notice the write, transform the module, answer. No code is replaced. */
export const viteFloor: Contender = {
  name: 'vite-floor',
  label: 'Vite alone: notice + transform',
  args: viteNode,
  shape: { language: 'ts', server: 'floor', config: 'floor' },
}

export const contenders: readonly Contender[] = [
  hotNode,
  viteFloor,
  {
    name: 'vite-node',
    label: 'vite-node --watch',
    args: viteNode,
    shape: { language: 'ts', server: 're-listening', config: 'empty' },
  },
  {
    name: 'node-watch',
    label: 'node --watch',
    args: (entry) => ['--watch', '--watch-preserve-output', entry],
    shape: { language: 'js', server: 'ordinary', config: 'empty' },
  },
  {
    name: 'tsx-watch',
    label: 'tsx watch',
    args: (entry) => [TSX, 'watch', '--clear-screen=false', entry],
    shape: { language: 'ts', server: 'ordinary', config: 'empty' },
  },
]
