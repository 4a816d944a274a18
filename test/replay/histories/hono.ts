import { commit, edit, merge, move, on, remove, type Step, write } from '../support/history.ts'

/** A shelf of books behind Hono, as it might have grown. It has hotNode() in its Vite config. */
export const hono: readonly Step[] = [
  commit(
    'A shelf of books',
    write(
      'vite.config.ts',
      `
import { defineConfig } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'

export default defineConfig({ plugins: [hotNode()] })
`,
    ),
    write('package.json', `{\n  "name": "shelf",\n  "version": "0.1.0",\n  "private": true,\n  "type": "module"\n}\n`),
    write('.gitignore', 'node_modules\n'),
    write(
      'server.ts',
      `
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { add, books } from './src/books.ts'

const app = new Hono()

app.get('/', (c) => c.text('books'))
app.get('/books', (c) => c.json({ books: [...books.values()] }))
app.post('/books', async (c) => {
  const { title } = await c.req.json()
  if (!title) return c.text('no title', 400)
  return c.json(add(title), 201)
})

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
`,
    ),
    write(
      'src/books.ts',
      `
export interface Book {
  id: number
  title: string
}

export const books = new Map<number, Book>([[1, { id: 1, title: 'The first book' }]])

export function add(title: string): Book {
  const book = { id: books.size + 1, title }
  books.set(book.id, book)
  return book
}
`,
    ),
  ),
  commit(
    'Greet on the front page',
    edit(
      'server.ts',
      `c.text('books')`,
      `c.html('<h1>Books</h1><p>All of them are at <a href="/books">/books</a>.</p>')`,
    ),
  ),
  commit(
    'Trim titles',
    edit('src/books.ts', 'title }\n  books.set', 'title: title.trim() }\n  books.set'),
    write('README.md', '# Shelf\n\nBooks, one after the other.\n'),
  ),
  commit(
    'Show one book',
    edit(
      'server.ts',
      `app.post('/books', async`,
      `app.get('/books/:id', (c) => {
  const book = books.get(Number(c.req.param('id')))
  return book ? c.json(book) : c.json({ error: 'no such book' }, 404)
})
app.post('/books', async`,
    ),
  ),
  commit(
    'Say what a book needs',
    edit(
      'server.ts',
      `  if (!title) return c.text('no title', 400)`,
      `  if (typeof title !== 'string' || title.trim() === '') return c.json({ error: 'a book needs a title' }, 400)`,
    ),
  ),
  commit(
    'Give the routes a file of their own',
    write(
      'src/routes/books.ts',
      `
import { Hono } from 'hono'
import { add, books } from '../books.ts'

export const bookRoutes = new Hono()

bookRoutes.get('/', (c) => c.json({ books: [...books.values()] }))

bookRoutes.get('/:id', (c) => {
  const book = books.get(Number(c.req.param('id')))
  return book ? c.json(book) : c.json({ error: 'no such book' }, 404)
})

bookRoutes.post('/', async (c) => {
  const { title } = await c.req.json()
  if (typeof title !== 'string' || title.trim() === '') return c.json({ error: 'a book needs a title' }, 400)
  return c.json(add(title), 201)
})
`,
    ),
    write(
      'server.ts',
      `
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bookRoutes } from './src/routes/books.ts'

const app = new Hono()

app.get('/', (c) => c.html('<h1>Books</h1><p>All of them are at <a href="/books">/books</a>.</p>'))
app.route('/books', bookRoutes)

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
`,
    ),
  ),
  commit(
    'Count requests',
    write(
      'src/visits.ts',
      `
import type { MiddlewareHandler } from 'hono'

let visits = 0

export const countVisits: MiddlewareHandler = async (c, next) => {
  visits += 1
  await next()
  c.header('x-visits', 'counted')
}

export function readVisits(): number {
  return visits
}
`,
    ),
    edit(
      'server.ts',
      `import { bookRoutes } from './src/routes/books.ts'\n`,
      `import { bookRoutes } from './src/routes/books.ts'\nimport { countVisits, readVisits } from './src/visits.ts'\n`,
    ),
    edit(
      'server.ts',
      `app.route('/books', bookRoutes)\n`,
      `app.route('/books', bookRoutes)\napp.use(countVisits)\napp.get('/status', (c) => c.json({ visits: readVisits() }))\n`,
    ),
  ),
  commit(
    'Count them before they are answered',
    edit('server.ts', `app.use(countVisits)\n`, ''),
    edit('server.ts', `const app = new Hono()\n\n`, `const app = new Hono()\n\napp.use(countVisits)\n`),
  ),
  commit(
    'Make the shelf a class',
    write(
      'src/books.ts',
      `
export interface Book {
  id: number
  title: string
}

export class Shelf {
  #books = new Map<number, Book>()
  #added = 0

  constructor(titles: readonly string[]) {
    for (const title of titles) this.add(title)
  }

  add(title: string): Book {
    this.#added += 1
    const book = { id: this.#added, title: title.trim() }
    this.#books.set(book.id, book)
    return book
  }

  find(id: number): Book | undefined {
    return this.#books.get(id)
  }

  all(): readonly Book[] {
    return [...this.#books.values()]
  }
}

export const shelf = new Shelf(['The first book'])
`,
    ),
    edit('src/routes/books.ts', `import { add, books }`, `import { shelf }`),
    edit('src/routes/books.ts', `[...books.values()]`, `shelf.all()`),
    edit('src/routes/books.ts', `books.get(Number`, `shelf.find(Number`),
    edit('src/routes/books.ts', `c.json(add(title)`, `c.json(shelf.add(title)`),
  ),
  commit(
    'Lend books',
    edit('src/books.ts', `  title: string\n}`, `  title: string\n  isLent?: boolean\n}`),
    edit(
      'src/books.ts',
      `  all(): readonly`,
      `  lend(id: number): Book | undefined {
    const book = this.find(id)
    if (book) this.#lent.add(id)
    return book && { ...book, isLent: true }
  }

  isLent(id: number): boolean {
    return this.#lent.has(id)
  }

  all(): readonly`,
    ),
    edit('src/books.ts', `  #added = 0\n`, `  #added = 0\n  #lent = new Set<number>()\n`),
    edit(
      'src/routes/books.ts',
      `bookRoutes.post('/', async`,
      `bookRoutes.get('/:id/lent', (c) => c.json({ isLent: shelf.isLent(Number(c.req.param('id'))) }))

bookRoutes.post('/', async`,
    ),
  ),
  commit(
    'Sort by title',
    // A parenthesis is missing.
    edit(
      'src/books.ts',
      `[...this.#books.values()]`,
      `[...this.#books.values()].toSorted((a, b) => a.title.localeCompare(b.title)`,
    ),
  ),
  commit('Close the parenthesis', edit('src/books.ts', `localeCompare(b.title)`, `localeCompare(b.title))`)),
  commit(
    'Limit the length of titles',
    write('src/config.ts', `export const LONGEST_TITLE = 40\n`),
    edit(
      'src/routes/books.ts',
      `import { shelf } from '../books.ts'\n`,
      `import { shelf } from '../books.ts'\nimport { LONGEST_TITLE } from '../config.ts'\n`,
    ),
    edit(
      'src/routes/books.ts',
      `title.trim() === '') return c.json({ error: 'a book needs a title' }, 400)`,
      `title.trim() === '' || title.length > LONGEST_TITLE)
    return c.json({ error: 'a book needs a title of at most ' + LONGEST_TITLE + ' characters' }, 400)`,
    ),
  ),
  commit('Allow longer titles', edit('src/config.ts', '40', '60')),
  on('search'),
  commit(
    'Search',
    write(
      'src/routes/search.ts',
      `
import { Hono } from 'hono'
import { shelf } from '../books.ts'

export const searchRoutes = new Hono()

searchRoutes.get('/', (c) => {
  const word = (c.req.query('q') ?? '').toLowerCase()
  return c.json({ found: shelf.all().filter(({ title }) => title.toLowerCase().includes(word)) })
})
`,
    ),
    edit(
      'server.ts',
      `import { countVisits`,
      `import { searchRoutes } from './src/routes/search.ts'\nimport { countVisits`,
    ),
    edit(
      'server.ts',
      `app.route('/books', bookRoutes)\n`,
      `app.route('/books', bookRoutes)\napp.route('/search', searchRoutes)\n`,
    ),
  ),
  commit('Say what was searched for', edit('src/routes/search.ts', `c.json({ found`, `c.json({ word, found`)),
  on('main'),
  commit('Say it in the header, too', edit('src/visits.ts', `'counted'`, `'counted, see /status'`)),
  merge('search', 'Merge the search'),
  commit(
    'Move the shelf to the services',
    move('src/books.ts', 'src/services/shelf.ts'),
    edit('src/routes/books.ts', `'../books.ts'`, `'../services/shelf.ts'`),
    edit('src/routes/search.ts', `'../books.ts'`, `'../services/shelf.ts'`),
  ),
  commit(
    'Let the shelf tell of its books',
    write(
      'src/services/news.ts',
      `
import type { Book } from './shelf.ts'

const latest: string[] = []

export function note(book: Book): void {
  latest.unshift(book.title)
  latest.length = Math.min(latest.length, 3)
}

export function news(): readonly string[] {
  return latest
}
`,
    ),
    edit('src/services/shelf.ts', `export interface Book`, `import { note } from './news.ts'\n\nexport interface Book`),
    edit('src/services/shelf.ts', `    return book\n  }\n\n  find`, `    note(book)\n    return book\n  }\n\n  find`),
    edit('server.ts', `import { countVisits`, `import { news } from './src/services/news.ts'\nimport { countVisits`),
    edit('server.ts', `app.get('/status'`, `app.get('/news', (c) => c.json({ latest: news() }))\napp.get('/status'`),
  ),
  commit(
    'Turn that round: the news listen to the shelf',
    edit('src/services/shelf.ts', `import { note } from './news.ts'\n\n`, ''),
    edit('src/services/shelf.ts', `    note(book)\n`, `    for (const tell of this.listeners) tell(book)\n`),
    edit(
      'src/services/shelf.ts',
      `  #added = 0\n`,
      `  #added = 0\n  readonly listeners = new Set<(book: Book) => void>()\n`,
    ),
    edit(
      'src/services/news.ts',
      `import type { Book } from './shelf.ts'`,
      `import { type Book, shelf } from './shelf.ts'`,
    ),
    edit(
      'src/services/news.ts',
      `export function news`,
      `for (const book of shelf.all()) note(book)\nshelf.listeners.add(note)\n\nexport function news`,
    ),
  ),
  commit(
    'Version 0.2',
    edit('package.json', '0.1.0', '0.2.0'),
    edit('README.md', 'one after the other.', 'one after the other, and a search.'),
  ),
  commit(
    'Do without the search',
    remove('src/routes/search.ts'),
    edit('server.ts', `import { searchRoutes } from './src/routes/search.ts'\n`, ''),
    edit('server.ts', `app.route('/search', searchRoutes)\n`, ''),
    edit('README.md', ', and a search', ''),
  ),
]
