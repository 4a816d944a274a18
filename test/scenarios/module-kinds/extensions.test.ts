import { fails, nothing, patch, patchOrRerun, recovers, rerun, type Row, tell } from '../../support/story/index.ts'

/** Whatever the extension: a body is patched, a value read at start-up runs again what read it, and state is kept. */
function toRow(extension: string): Row {
  return {
    name: extension,
    files: {
      [`words${extension}`]: `
        export const words = new Map()
        export const LIMIT = 10
        export function greet(name) { return 'hello ' + name }`,
    },
    server: `
      import { greet, LIMIT, words } from './words${extension}'
      const pool = { size: LIMIT }
      export const visit = () => words.set('visits', (words.get('visits') ?? 0) + 1)
      export const probe = () => [greet('you'), pool.size]
      export const state = () => [...words]
      export const retained = () => ({ words, pool })`,
    edits: [
      patch({ [`words${extension}`]: ["'hello '", "'hi '"] }, { calls: ['visit'] }),
      rerun({ [`words${extension}`]: ['LIMIT = 10', 'LIMIT = 20'] }, { calls: ['visit'], recreated: ['pool'] }),
    ],
  }
}

tell('a module by its extension', ['.js', '.mjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'].map(toRow))

const PAGE = `
  export const views = { count: 0 }
  export const Page = ({ title, children }: { title: string; children?: unknown }) => (
    <html>
      <h1>{title}</h1>
      {children}
    </html>
  )`

const LIST = `
  export const ITEMS = ['one', 'two']
  export const List = () => <ul>{ITEMS.map((item) => <li>{item}</li>)}</ul>
  export const footer = <footer>none</footer>`

tell('server-rendered JSX', [
  {
    name: 'the automatic runtime, as tsconfig.json says, with components in three modules',
    files: {
      'tsconfig.json': `{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "hono/jsx" } }`,
      'views/page.tsx': PAGE,
      'views/list.tsx': LIST,
      'render.tsx': `
        import { Page, views } from './views/page.tsx'
        import { footer, List } from './views/list.tsx'
        const banner = String(<Page title="started" />)
        export { views }
        export const render = () => String(<Page title="shop"><List />{footer}</Page>) + banner`,
    },
    server: `
      import { render, views } from './render.tsx'
      export const visit = () => { views.count++ }
      export const probe = () => render()
      export const state = () => views.count
      export const retained = () => ({ views })`,
    edits: [
      patch({ 'views/list.tsx': ['<li>', '<li class="item">'] }, { calls: ['visit'] }),
      patch({ 'render.tsx': ['title="shop"', 'title="store"'] }, { calls: ['visit'] }),
      patchOrRerun({ 'views/list.tsx': ['>none<', '>some<'] }, { calls: ['visit'] }),
      // A page was rendered while starting.
      rerun({ 'views/page.tsx': ['<h1>{title}</h1>', '<h2>{title}</h2>'] }, { calls: ['visit'] }),
      nothing({ 'views/page.tsx': ['<html>', '\n      <html>'] }),
      patch({ 'views/list.tsx': ["'two'", "'two', 'three'"] }, { calls: ['visit'] }),
      fails({ 'views/list.tsx': ['</ul>', '</ol>'] }, { at: ['list.tsx', 3] }),
      recovers({ 'views/list.tsx': ['</ol>', '</ul>'] }, { sameAnswer: true }),
    ],
  },
  {
    name: 'a pragma in the file, and fragments',
    files: {
      'page.jsx': `
        /** @jsxImportSource hono/jsx */
        const views = new Map()
        export const visit = () => views.set('page', (views.get('page') ?? 0) + 1)
        export const seen = () => [...views]
        export const Page = () => <><b>one</b><i>{typeof seen()}</i></>
        export const render = () => String(<Page />)`,
    },
    server: `
      import { render, seen, visit } from './page.jsx'
      export { visit }
      export const probe = () => render()
      export const state = () => seen()`,
    edits: [patch({ 'page.jsx': ['>one<', '>two<'] }, { calls: ['visit'] })],
  },
])
