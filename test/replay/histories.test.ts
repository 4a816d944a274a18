import { expect, test } from 'vitest'
import { express } from './histories/express.ts'
import { hono } from './histories/hono.ts'
import { replayHistory, toLines } from './support/replay.ts'

/** Some forty servers are started, one after the other. */
const LIMIT = { timeout: 180_000 }

test('a history of a Hono server: every answer is that of a cold start', LIMIT, async () => {
  const { results, exitCode } = await replayHistory(hono, {
    start: 'vite-node --watch server.ts',
    // Knows nothing of Vite.
    args: ['--cold', 'node --import tsx server.ts'],
    probes: {
      prepare: ['POST /books {"title":"Another"}'],
      probes: [
        'GET /',
        { request: 'GET /books', state: ['books'] },
        'GET /books/1',
        'GET /books/nine',
        'POST /books {"title":""}',
        'GET /books/1/lent',
        { request: 'GET /status', state: ['visits'] },
        'GET /search?q=FIRST',
        { request: 'GET /news', state: ['latest'] },
      ],
    },
  })

  expect({ lines: toLines(results), differences: results.flatMap(({ differences }) => differences) }).toStrictEqual({
    differences: [],
    lines: [
      'A shelf of books: started',
      'Greet on the front page: patch, kept GET /books books',
      'Trim titles: patch, kept GET /books books',
      'Show one book: re-run, kept GET /books books',
      'Say what a book needs: patch, kept GET /books books',
      'Give the routes a file of their own: re-run, kept GET /books books',
      'Count requests: re-run, kept GET /books books',
      'Count them before they are answered: re-run, kept GET /books books, kept GET /status visits',
      // The map is gone for which the class stands now.
      'Make the shelf a class: patch, lost GET /books books, kept GET /status visits',
      // An instance that start-up made gets its new field by being made again.
      'Lend books: re-run, lost GET /books books, kept GET /status visits',
      'Sort by title: failed (old-code-served), kept GET /books books, kept GET /status visits',
      // The same books in another order.
      'Close the parenthesis: patch, changed GET /books books, kept GET /status visits',
      'Limit the length of titles: patch, kept GET /books books, kept GET /status visits',
      'Allow longer titles: patch, kept GET /books books, kept GET /status visits',
      'Say it in the header, too: patch, kept GET /books books, kept GET /status visits',
      'Merge the search: re-run, kept GET /books books, kept GET /status visits',
      // Another file is another module.
      'Move the shelf to the services: patch, lost GET /books books, kept GET /status visits',
      // `new Shelf()` called what changed, here and in the next.
      'Let the shelf tell of its books: re-run, lost GET /books books, kept GET /status visits',
      'Turn that round: the news listen to the shelf: re-run, lost GET /books books, kept GET /status visits, lost GET /news latest',
      'Version 0.2: nothing, kept GET /books books, kept GET /status visits, kept GET /news latest',
      'Do without the search: re-run, kept GET /books books, kept GET /status visits, kept GET /news latest',
    ],
  })
  expect(exitCode).toBe(0)
})

test('a history of an Express server, whose Vite config is that of the replay', LIMIT, async () => {
  const { results, exitCode } = await replayHistory(express, {
    start: 'vite-node --watch src/server.ts',
    args: ['--cold', 'node --import tsx src/server.ts'],
    probes: {
      prepare: ['POST /notes {"text":"three little words"}'],
      probes: [
        'GET /',
        { request: 'GET /notes', state: ['$'] },
        // Express answers with a stack trace, as long as there is no handler for errors.
        { request: 'POST /notes nothing', ignore: ['/<pre>[^]*</pre>/'] },
        { request: 'GET /notes/words', state: ['words'] },
        { request: 'GET /uptime', state: ['beats'] },
        'GET /nothing',
      ],
    },
  })

  expect({ lines: toLines(results), differences: results.flatMap(({ differences }) => differences) }).toStrictEqual({
    differences: [],
    lines: [
      'Begin: no-server',
      'Notes in memory: started',
      'Newest notes first: patch, kept GET /notes $',
      // They move from `main()` to a module.
      'One repository of notes for all: re-run, lost GET /notes $',
      'A controller: re-run, kept GET /notes $',
      'Refuse empty notes: patch, kept GET /notes $',
      // `main()` passes the notes to the controller, by way of `createRoutes()`: so it touches them.
      'Answer errors as JSON: re-run, lost GET /notes $',
      'Tell how long it has been up: re-run, lost GET /notes $',
      'Throw at start-up: failed (old-code-served), kept GET /notes $, kept GET /uptime beats',
      'Add what is missing: re-run, lost GET /notes $, kept GET /uptime beats',
      'Tell when a note comes: re-run, lost GET /notes $, kept GET /uptime beats',
      'A front page: re-run, lost GET /notes $, kept GET /uptime beats',
      'Merge the count of words: re-run, lost GET /notes $, kept GET /uptime beats',
      'Count words that are words: patch, kept GET /notes $, kept GET /notes/words words, kept GET /uptime beats',
      'Say words in full: re-run, lost GET /notes $, kept GET /notes/words words, kept GET /uptime beats',
      'Notes live among the models: re-run, lost GET /notes $, kept GET /notes/words words, kept GET /uptime beats',
      'Do without the header: re-run, lost GET /notes $, kept GET /notes/words words, kept GET /uptime beats',
    ],
  })
  expect(exitCode).toBe(0)
})
