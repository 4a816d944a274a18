import path from 'node:path'
import type { ChangedFile } from './history.ts'

/** What is read when a process starts, and is no module: what changes there shows after a restart. */
const OUTSIDE =
  /^(?:vite\.config\.[cm]?[jt]s|tsconfig(?:\..+)?\.json|\.env(?:\.(?!(?:example|sample|template|dist)$).+)?|package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|.+\.node)$/

/** Of what a checkout changes, files for which the process would have to be started again. */
export function listOutside(changes: readonly ChangedFile[]): string[] {
  return changes.map(({ file }) => file).filter((file) => OUTSIDE.test(path.basename(file)))
}
