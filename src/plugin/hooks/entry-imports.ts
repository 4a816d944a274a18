/** Specifiers by which a module asks for its neighbours. */
export const RELATIVE: RegExp = /^\.\.?\//

/**
 * The file that asks for an import, where it asks under a name that leads nowhere.
 *
 * vite-node names the entry it is told to run `/@fs//home/me/server.ts`, and asks for imports under that name where Vite
 * has not rewritten them: those that an edit has added, and computed ones. A relative specifier would then be taken for
 * one of the root. Read in vite-node 6.
 */
export function toEntryFile(importer: string | undefined): string | undefined {
  const [, path] = /^\/@fs\/+(.+)$/.exec(importer ?? '') ?? []
  if (path === undefined) return undefined
  return /^[a-z]:\//i.test(path) ? path : `/${path}`
}
