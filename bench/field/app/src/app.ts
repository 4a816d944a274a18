import { renderPage } from './page.ts'
import { measureCpu, measureHeap } from './usage.ts'

/** Answers every path but that of the event stream, which the server holds. `hits` is the server's own count. */
export async function answer(path: string, hits: number): Promise<string> {
  return JSON.stringify(await toAnswer(path, hits))
}

function toAnswer(path: string, hits: number): object | Promise<object> {
  if (path === '/cpu') return measureCpu()
  if (path === '/heap') return measureHeap()
  return renderPage(path, hits)
}
