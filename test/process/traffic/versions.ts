import type { Project } from '../../support/process/index.ts'
import type { PlaygroundAxis } from '../playgrounds.ts'

/**
 * What is added to a playground so that its answers tell which versions they are made of.
 *
 * `/parts` answers one list for each **set** of files in `src/parts`. Three files make a set; they are saved together,
 * each with the same version in it: as a constant, a function, a method of an instance and a literal. `/edition` does the
 * same for what stands in the entry, which makes it anew. A list is made without an `await` in it, so a list with two
 * versions is an answer that mixes them. `/slow` makes its lists after a pause, so its requests are under way during
 * updates; they may answer with the lists of before or after, as a whole.
 */
export const SETS = [0, 1, 2, 3] as const

/** How a playground says that an expression is what a path answers, in its `server.ts`. */
const ROUTES: Record<PlaygroundAxis['name'], (path: string, expression: string) => string> = {
  http: (path, expression) => `router.get('${path}', async () => ${expression})\n`,
  hono: (path, expression) => `app.get('${path}', async (c) => c.json(${expression}))\n`,
  express: (path, expression) =>
    `  app.get('${path}', async (_request, response) => void response.json(${expression}))\n`,
  fastify: (path, expression) => `app.get('${path}', async () => ${expression})\n`,
}

const PARTS = `[${SETS.map((set) => `page${set}()`).join(', ')}]`
const EDITION = '[[0, EDITION, built.edition, captured()]]'

/** Adds the files and routes. */
export function addVersions(project: Project, { name, entryRoute }: PlaygroundAxis): void {
  for (const set of SETS) for (const [file, text] of filesOf(set, 0)) project.save(file, text)
  const { file, from } = entryRoute
  const route = ROUTES[name]
  const routes = [
    route('/parts', PARTS),
    route('/edition', EDITION),
    route('/slow', `(await new Promise((resolve) => setTimeout(resolve, 30)), ${PARTS})`),
  ]
  project.save(file, `${HEAD}${project.read(file).replace(from, from + routes.join(''))}`)
}

const HEAD = `${SETS.map((set) => `import { page as page${set} } from './src/parts/page-${set}.ts'\n`).join('')}
function build(edition: number): { readonly edition: number } {
  return { edition }
}

function capture(edition: number): () => number {
  return () => edition
}

const EDITION: number = 0
const built = build(EDITION)
const captured = capture(EDITION)
`

/** The files of a set with a version in them. */
export function filesOf(set: number, version: number): readonly (readonly [file: string, text: string])[] {
  return [
    [
      `src/parts/left-${set}.ts`,
      `export const LEFT: number = ${version}\n\nexport function left(): number {\n  return ${version}\n}\n`,
    ],
    [
      `src/parts/right-${set}.ts`,
      `class Right {\n  readonly #name = 'right'\n\n  version(): number {\n    return this.#name ? ${version} : -1\n  }\n}\n\n` +
        `export const right = new Right()\n`,
    ],
    [
      `src/parts/page-${set}.ts`,
      `import { LEFT, left } from './left-${set}.ts'\nimport { right } from './right-${set}.ts'\n\n` +
        `export const page = (): number[] => [LEFT, left(), right.version(), ${version}]\n`,
    ],
  ]
}

/** The entry with another edition in it, in all places. */
export function withEdition(text: string, edition: number): string {
  return text
    .replace(/(?<=const EDITION: number = )\d+/, `${edition}`)
    .replace(/(?<=\[\[)\d+(?=, EDITION)/, `${edition}`)
}

/** What is wrong with an answer: it mixes versions, or goes back behind the one before it on the same lane. */
export function findMixture(_path: string, body: string, previous: string | undefined): string | undefined {
  const lists = JSON.parse(body) as number[][]
  if (lists.some((list) => new Set(list).size !== 1)) return `mixed ${body}`
  const before = previous === undefined ? [] : (JSON.parse(previous) as number[][])
  if (before.some(([version], index) => (lists[index]?.[0] ?? -1) < (version ?? 0))) return `${body} after ${previous}`
  return undefined
}
