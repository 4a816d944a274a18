import { nothing, patch, rerun, tell } from '../support/story/index.ts'

const files = {
  'routes.ts': `export const routes: string[] = []\n export const counts = new Map<string, number>()`,
  'users.ts': `import { routes } from './routes.ts'\n routes.push('users')\n export const users = ['ada']`,
  'books.ts': `import { routes } from './routes.ts'\n routes.push('books')\n export const books = ['sicp']`,
}

const server = `
  import './users.ts'
  import './books.ts'
  import { routes } from './routes.ts'
  export const probe = () => routes`

/** What several modules do to one thing comes in the order of a cold start. */
tell('the order of imports', [
  {
    name: 'imports of two modules that add to one list change places',
    files,
    server,
    edits: [rerun(["import './users.ts'\n  import './books.ts'", "import './books.ts'\n  import './users.ts'"])],
  },
  {
    name: 'a new module that adds to the list is imported before the others',
    files,
    server,
    edits: [
      rerun({
        'authors.ts': `import { routes } from './routes.ts'\n routes.push('authors')`,
        'server.ts': ["import './users.ts'", "import './authors.ts'\n  import './users.ts'"],
      }),
    ],
  },
  {
    name: 'one that is imported after the others runs alone',
    files,
    server: `${server}\n export const retained = () => ({ routes })`,
    edits: [
      patch({
        'authors.ts': `import { routes } from './routes.ts'\n routes.push('authors')`,
        'server.ts': ["import './books.ts'", "import './books.ts'\n  import './authors.ts'"],
      }),
    ],
  },
  {
    name: 'the module is removed through which one of them was imported before the others',
    files: { ...files, 'first.ts': `import { books } from './books.ts'\n export const first = books[0]` },
    server: `import './first.ts'\n ${server}`,
    edits: [rerun({ 'first.ts': null, 'server.ts': ["import './first.ts'\n", '\n'] })],
  },
  {
    name: 'imports of modules that have nothing in common change places',
    files: {
      'users.ts': `const users = ['ada']\n users.push('grace')\n export { users }`,
      'books.ts': `const books = ['sicp']\n books.push('taocp')\n export { books }`,
    },
    server: `
      import { users } from './users.ts'
      import { books } from './books.ts'
      export const retained = () => ({ users, books })
      export const probe = () => [users, books]`,
    edits: [
      nothing([
        "import { users } from './users.ts'\n      import { books } from './books.ts'",
        "import { books } from './books.ts'\n      import { users } from './users.ts'",
      ]),
    ],
  },
  {
    name: 'only what comes in another order runs again',
    files: {
      ...files,
      'ada.ts': `import { counts } from './routes.ts'\n counts.set('ada', 1)`,
    },
    server: `
      import { counts, routes } from './routes.ts'
      import './ada.ts'
      import './users.ts'
      import './books.ts'
      export const retained = () => ({ counts })
      export const probe = () => [routes, [...counts]]`,
    edits: [
      rerun(["import './users.ts'\n      import './books.ts'", "import './books.ts'\n      import './users.ts'"], {
        recreated: [],
      }),
    ],
  },
])
