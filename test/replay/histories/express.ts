import { commit, edit, merge, move, on, remove, type Step, write } from '../support/history.ts'

/** Notes behind Express, as they might have grown. It has no Vite config: hotNode() is added by the replay. */
export const express: readonly Step[] = [
  commit('Begin', write('README.md', '# Notes\n'), write('.gitignore', 'node_modules\n')),
  commit(
    'Notes in memory',
    write('package.json', `{\n  "name": "notes",\n  "private": true,\n  "type": "module"\n}\n`),
    write(
      'src/server.ts',
      `
import express from 'express'
import { Notes } from './notes.ts'

const PORT = Number(process.env.PORT ?? 3000)

async function main() {
  const notes = new Notes()
  const app = express()
  app.use(express.json())
  app.get('/', (_request, response) => void response.send('Notes'))
  app.get('/notes', (_request, response) => void response.json(notes.all()))
  app.post('/notes', (request, response) => void response.status(201).json(notes.add(request.body.text)))
  app.listen(PORT, '127.0.0.1', () => console.log('listening on port ' + PORT))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
`,
    ),
    write(
      'src/notes.ts',
      `
export interface Note {
  id: number
  text: string
}

export class Notes {
  private notes: Note[] = []

  all(): Note[] {
    return this.notes
  }

  add(text: string): Note {
    const note = { id: this.notes.length + 1, text }
    this.notes.push(note)
    return note
  }
}
`,
    ),
  ),
  commit('Newest notes first', edit('src/notes.ts', 'return this.notes\n', 'return this.notes.toReversed()\n')),
  commit(
    'One repository of notes for all',
    write('src/store.ts', `import { Notes } from './notes.ts'\n\nexport const notes = new Notes()\n`),
    edit('src/server.ts', `import { Notes } from './notes.ts'`, `import { notes } from './store.ts'`),
    edit('src/server.ts', `  const notes = new Notes()\n`, ''),
  ),
  commit(
    'A controller',
    write(
      'src/controllers/notes-controller.ts',
      `
import type { Request, Response } from 'express'
import type { Notes } from '../notes.ts'

export class NotesController {
  private readonly notes: Notes

  constructor(notes: Notes) {
    this.notes = notes
  }

  list(_request: Request, response: Response): void {
    response.json(this.notes.all())
  }

  create(request: Request, response: Response): void {
    response.status(201).json(this.notes.add(request.body.text))
  }
}
`,
    ),
    write(
      'src/routes.ts',
      `
import { Router } from 'express'
import { NotesController } from './controllers/notes-controller.ts'
import { notes } from './store.ts'

export function createRoutes(): Router {
  const router = Router()
  const controller = new NotesController(notes)
  router.get('/', controller.list.bind(controller))
  router.post('/', controller.create.bind(controller))
  return router
}
`,
    ),
    write(
      'src/server.ts',
      `
import express from 'express'
import { createRoutes } from './routes.ts'

const PORT = Number(process.env.PORT ?? 3000)

async function main() {
  const app = express()
  app.use(express.json())
  app.get('/', (_request, response) => void response.send('Notes'))
  app.use('/notes', createRoutes())
  app.listen(PORT, '127.0.0.1', () => console.log('listening on port ' + PORT))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
`,
    ),
  ),
  commit(
    'Refuse empty notes',
    edit(
      'src/controllers/notes-controller.ts',
      `    response.status(201)`,
      `    if (!request.body?.text) {
      response.status(400).json({ error: 'a note needs a text' })
      return
    }
    response.status(201)`,
    ),
  ),
  commit(
    'Answer errors as JSON',
    write(
      'src/middleware/errors.ts',
      `
import type { ErrorRequestHandler, RequestHandler } from 'express'

export const notFound: RequestHandler = (request, response) => {
  response.status(404).json({ error: request.path + ' is not there' })
}

export const onError: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(error.status ?? 500).json({ error: error.message })
}
`,
    ),
    edit(
      'src/server.ts',
      `import { createRoutes }`,
      `import { notFound, onError } from './middleware/errors.ts'\nimport { createRoutes }`,
    ),
    edit(
      'src/server.ts',
      `  app.use('/notes', createRoutes())\n`,
      `  app.use('/notes', createRoutes())\n  app.use(notFound, onError)\n`,
    ),
  ),
  commit(
    'Tell how long it has been up',
    write(
      'src/uptime.ts',
      `
let beats = 0

setInterval(() => (beats += 1), 50)

export function uptime(): number {
  return beats
}
`,
    ),
    edit(
      'src/server.ts',
      `import { createRoutes } from './routes.ts'\n`,
      `import { createRoutes } from './routes.ts'\nimport { uptime } from './uptime.ts'\n`,
    ),
    edit(
      'src/server.ts',
      `  app.use('/notes'`,
      `  app.get('/uptime', (_request, response) => void response.json({ beats: uptime() }))\n  app.use('/notes'`,
    ),
  ),
  commit(
    'Throw at start-up',
    // The middleware is not imported.
    edit('src/server.ts', `  app.use(express.json())\n`, `  app.use(express.json())\n  app.use(poweredBy)\n`),
  ),
  commit(
    'Add what is missing',
    write(
      'src/middleware/powered-by.ts',
      `
import type { RequestHandler } from 'express'

export const poweredBy: RequestHandler = (_request, response, next) => {
  response.setHeader('x-powered-by', 'notes')
  next()
}
`,
    ),
    edit(
      'src/server.ts',
      `import { createRoutes }`,
      `import { poweredBy } from './middleware/powered-by.ts'\nimport { createRoutes }`,
    ),
  ),
  commit(
    'Tell when a note comes',
    edit(
      'src/notes.ts',
      `export interface Note`,
      `import { EventEmitter } from 'node:events'\n\nexport interface Note`,
    ),
    edit('src/notes.ts', `class Notes {`, `class Notes extends EventEmitter<{ note: [Note] }> {`),
    edit('src/notes.ts', `    return note\n`, `    this.emit('note', note)\n    return note\n`),
  ),
  on('words'),
  commit(
    'Count words',
    write(
      'src/words.ts',
      `
import type { Note } from './notes.ts'
import { notes } from './store.ts'

let words = 0

notes.on('note', (note: Note) => (words += note.text.split(' ').length))

export const countWords = () => words
`,
    ),
    edit(
      'src/routes.ts',
      `import { notes } from './store.ts'\n`,
      `import { notes } from './store.ts'\nimport { countWords } from './words.ts'\n`,
    ),
    edit(
      'src/routes.ts',
      `  return router`,
      `  router.get('/words', (_request, response) => void response.json({ words: countWords() }))\n  return router`,
    ),
  ),
  on('main'),
  commit('A front page', edit('src/server.ts', `response.send('Notes')`, `response.send('Notes live at /notes')`)),
  merge('words', 'Merge the count of words'),
  commit(
    'Count words that are words',
    edit('src/words.ts', `note.text.split(' ').length`, `note.text.split(/\\s+/).filter(Boolean).length`),
  ),
  commit(
    'Say words in full',
    edit(
      'src/routes.ts',
      `response.json({ words: countWords() })`,
      `response.json({ words: countWords(), unit: 'words' })`,
    ),
  ),
  commit(
    'Notes live among the models',
    move('src/notes.ts', 'src/models/notes.ts'),
    edit('src/store.ts', `'./notes.ts'`, `'./models/notes.ts'`),
    edit('src/words.ts', `'./notes.ts'`, `'./models/notes.ts'`),
    edit('src/controllers/notes-controller.ts', `'../notes.ts'`, `'../models/notes.ts'`),
  ),
  commit(
    'Do without the header',
    remove('src/middleware/powered-by.ts'),
    edit('src/server.ts', `import { poweredBy } from './middleware/powered-by.ts'\n`, ''),
    edit('src/server.ts', `  app.use(poweredBy)\n`, `  app.disable('x-powered-by')\n`),
  ),
]
