import { expect } from 'vitest'
import type { Project, ServerProcess } from '../support/process/index.ts'

/** A line of the log that tells what an update came to. */
export const LINES = /^\d.*\[hot-node\].*$/gm

/** A server of many modules, each of which has a version; it answers with all versions there are among them. */
export function prepareVersions(count: number): (project: Project) => void {
  return (project) => {
    const indexes = Array.from({ length: count }, (_, index) => index)
    for (const index of indexes) project.save(moduleOf(index), toModule('one'))
    project.save('src/last.ts', `export const last = (): string => 'nothing yet'\n`)
    project.save(
      'server.ts',
      `import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { last } from './src/last.ts'
${indexes.map((index) => `import * as m${index} from './${moduleOf(index)}'`).join('\n')}

const versions = (): string[] => [${indexes.map((index) => `m${index}.VERSION, m${index}.version()`).join(', ')}]
const server = createServer((request, response) => {
  response.end(request.url === '/last' ? last() : [...new Set(versions())].join())
})
server.listen(0, '127.0.0.1', () => {
  console.log(\`listening on http://127.0.0.1:\${(server.address() as AddressInfo).port}\`)
})
`,
    )
  }
}

export function moduleOf(index: number): string {
  return `src/module-${index}.ts`
}

export function toModule(version: string): string {
  return `export const VERSION = '${version}'\nexport const version = (): string => '${version}'\n`
}

/** What the log says of updates since the mark, once a last edit has had its line: that one is left out. */
export async function linesSince(server: ServerProcess, mark: number): Promise<string[]> {
  server.project.edit('src/last.ts', 'nothing yet', 'the end')
  await server.log.waitForLine(/\[hot-node\] .*last\.ts: /)
  expect((await server.get('/last')).text).toBe('the end')
  return [...(server.log.since(mark).match(LINES) ?? [])].slice(0, -1)
}
