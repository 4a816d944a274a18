import { toName } from './escape.ts'
import { renderLayout } from './layout.ts'
import { hit } from './store.ts'

/** What every request is answered with: a text that is edited, and a counter of each place that holds state. */
export function renderPage(path: string, entry: number): object {
  const { text, title, edition, renders, calls } = renderLayout(toName(path))
  const state = { entry, aside: hit(path), importer: renders, edited: calls }
  return { text: path === '/value' ? edition : text, title, pid: process.pid, state }
}
