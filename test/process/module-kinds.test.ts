import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HOSTS, type Project, startServer, type ServerProcess } from '../support/process/index.ts'
import { ANY_OUTCOME } from './expectations.ts'

/** Answers with what `answer()` of its first import gives, and with how often it was asked. */
function toServer(specifier: string): string {
  return `import { answer } from '${specifier}'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

const asked = { times: 0 }
const server = http.createServer((_, response) => {
  asked.times += 1
  response.end(answer() + ' ' + asked.times)
})
server.listen(0, '127.0.0.1', () => {
  console.log('listening on http://127.0.0.1:' + (server.address() as AddressInfo).port)
})
`
}

/** Waits for the update, and answers with its line. */
async function edit(server: ServerProcess, file: string, from: string, to: string): Promise<string> {
  const mark = server.log.mark()
  server.project.edit(file, from, to)
  await server.log.waitForLine(ANY_OUTCOME)
  return server.log.since(mark)
}

async function ask(server: ServerProcess): Promise<string> {
  return (await server.get('/')).text
}

function savePackage(project: Project, folder: string, type: string, files: Readonly<Record<string, string>>): void {
  const main = Object.keys(files)[0]
  const name = path.basename(folder)
  project.save(`${folder}/package.json`, JSON.stringify({ name, version: '1.0.0', type, exports: `./${main}` }))
  for (const [file, text] of Object.entries(files)) project.save(`${folder}/${file}`, text)
}

test.for(HOSTS)('a workspace package outside the root, linked into node_modules, is hot: %s', async (host) => {
  const folder = `../workspace-${process.pid}-${HOSTS.indexOf(host)}/shared`
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      onTestFinished(() => rmSync(project.path(`${folder}/..`), { recursive: true }))
      savePackage(project, folder, 'module', {
        'index.ts': `import { LEVELS } from './levels.ts'\nconst seen: string[] = []\nexport const answer = () => 'one ' + LEVELS.size + ' ' + seen.push('')\n`,
        'levels.ts': `import { names } from './names.ts'\nexport const LEVELS = new Set(names)\n`,
        'names.ts': `export const names = ['low']\n`,
      })
      mkdirSync(project.path('node_modules'))
      symlinkSync(project.path(folder), project.path('node_modules/shared'), 'dir')
      project.save('server.ts', toServer('shared'))
    },
  })
  expect(await ask(server)).toBe('one 1 1 1')

  expect(await edit(server, `${folder}/index.ts`, "'one '", "'two '")).toMatch(/ patched .*shared\/index\.ts: answer/)
  expect(await ask(server)).toBe('two 1 2 2')

  // A file that the server's own modules do not import.
  expect(await edit(server, `${folder}/names.ts`, "'low'", "'low', 'high'")).toMatch(/ re-ran .*LEVELS/)
  expect(await ask(server)).toBe('two 2 3 3')
})

test.for(HOSTS)('a dependency of ssr.noExternal is hot where it is watched and not excluded: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      savePackage(project, 'node_modules/inner', 'module', {
        'index.js': `const seen = []\nexport const answer = () => 'one ' + seen.push('')\n`,
      })
      project.save('server.ts', toServer('inner'))
      project.save(
        'vite.config.ts',
        `import { defineConfig } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'

export default defineConfig({
  plugins: [hotNode({ exclude: [] })],
  // The one is for ssr alone, and what vite-node reads; the other for every environment.
  ssr: { noExternal: ['inner'] },
  resolve: { noExternal: ['inner'] },
  server: { watch: { ignored: ['!**/node_modules/inner/**'] } },
})
`,
      )
    },
  })
  expect(await ask(server)).toBe('one 1 1')

  const line = await edit(server, 'node_modules/inner/index.js', "'one '", "'two '")

  expect(line).toMatch(/ patched node_modules\/inner\/index\.js: answer.* kept everything/)
  expect(await ask(server)).toBe('two 2 2')
})

test.for(HOSTS)(
  'what node_modules has is left as it is, CommonJS, in ssr.noExternal or not, until a restart: %s',
  async (host) => {
    const server = await startServer('http', {
      host,
      prepare: (project) => {
        savePackage(project, 'node_modules/legacy', 'commonjs', { 'index.js': `exports.legacy = () => 'one'\n` })
        savePackage(project, 'node_modules/modern', 'module', { 'index.js': `export const modern = () => 'one'\n` })
        savePackage(project, 'node_modules/inlined', 'module', { 'index.js': `export const inlined = () => 'one'\n` })
        project.save(
          'vite.config.ts',
          `import { defineConfig } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'

export default defineConfig({
  plugins: [hotNode()],
  ssr: { noExternal: ['inlined'] },
  resolve: { noExternal: ['inlined'] },
})
`,
        )
        project.save(
          'src/answer.ts',
          `import { inlined } from 'inlined'
import { legacy } from 'legacy'
import { modern } from 'modern'
export const answer = () => legacy() + modern() + inlined()
`,
        )
        project.save('server.ts', toServer('./src/answer.ts'))
      },
    })
    const mark = server.log.mark()

    for (const name of ['legacy', 'modern', 'inlined'])
      server.project.edit(`node_modules/${name}/index.js`, 'one', 'two')
    await edit(server, 'src/answer.ts', 'legacy() +', "legacy() + '-' +")

    expect(await ask(server)).toBe('one-oneone 1')
    expect(server.log.since(mark).match(/\[hot-node\]/g)).toHaveLength(1)
  },
)

test.for(HOSTS)('a page of JSX that the server renders is patched: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      project.save('tsconfig.json', `{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "hono/jsx" } }\n`)
      project.save(
        'src/page.tsx',
        `const views = { count: 0 }
export const Page = ({ title }: { title: string }) => <h1>{title} {++views.count}</h1>
export const answer = () => String(<Page title="one" />)
`,
      )
      project.save('server.ts', toServer('./src/page.tsx'))
    },
  })
  expect(await ask(server)).toBe('<h1>one 1</h1> 1')

  expect(await edit(server, 'src/page.tsx', '<h1>', '<h1 class="big">')).toMatch(/ patched src\/page\.tsx: Page/)
  expect(await ask(server)).toBe('<h1 class="big">one 2</h1> 2')

  expect(await edit(server, 'src/page.tsx', '</h1>', '</h2>')).toMatch(/ update failed: .*\n.*src\/page\.tsx:2:/)
  expect(await ask(server)).toBe('<h1 class="big">one 3</h1> 3')
})

/** Makes a module of a file that is no script. */
const WORDS_PLUGIN = `{
  name: 'words',
  resolveId: (id) => (id === 'virtual:words' ? '\\0words' : undefined),
  load(id) {
    if (id !== '\\0words') return undefined
    const file = fileURLToPath(new URL('words.txt', import.meta.url))
    this.addWatchFile(file)
    return 'export const words = () => ' + JSON.stringify(readFileSync(file, 'utf8'))
  },
}`

test.for(HOSTS)('texts, JSON, globs and what a plugin makes are hot: %s', async (host) => {
  const server = await startServer('http', {
    host,
    prepare: (project) => {
      project.save(
        'vite.config.ts',
        `import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'

export default defineConfig({ plugins: [hotNode(), ${WORDS_PLUGIN}] })
`,
      )
      project.save('words.txt', 'words')
      project.save('query.sql', 'text')
      project.save('settings.json', '{ "level": "json" }')
      project.save('pages/one.html', 'page')
      project.save(
        'src/answer.ts',
        `import { words } from 'virtual:words'
import text from '../query.sql?raw'
import settings from '../settings.json'
const pages = import.meta.glob<string>('../pages/*.html', { query: '?raw', import: 'default', eager: true })
export const answer = () => [text, settings.level, ...Object.values(pages), words()].join()
`,
      )
      project.save('server.ts', toServer('./src/answer.ts'))
    },
  })
  expect(await ask(server)).toBe('text,json,page,words 1')

  await edit(server, 'query.sql', 'text', 'TEXT')
  expect(await ask(server)).toBe('TEXT,json,page,words 2')

  await edit(server, 'settings.json', '"json"', '"JSON"')
  expect(await ask(server)).toBe('TEXT,JSON,page,words 3')

  await edit(server, 'pages/one.html', 'page', 'PAGE')
  expect(await ask(server)).toBe('TEXT,JSON,PAGE,words 4')

  await edit(server, 'words.txt', 'words', 'WORDS')
  expect(await ask(server)).toBe('TEXT,JSON,PAGE,WORDS 5')

  server.project.save('pages/two.html', 'another')
  await server.log.waitForLine(ANY_OUTCOME)
  expect(await ask(server)).toBe('TEXT,JSON,PAGE,another,WORDS 6')
  expect(String(server.log)).not.toMatch(/hot restart|update failed/)
})
