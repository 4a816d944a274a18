// Server-side rendering behind Vite's middleware, as Vite's own guide has it: pages, their scripts and the code that
// renders them come from one server. `node server.mjs`; with LOAD_BY=runner through the environment's module runner.
import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'vite'

const server = createHttpServer()
const vite = await createServer({
  appType: 'custom',
  server: { middlewareMode: true, hmr: { server } },
})

/** @param {string} url */
const load = (url) =>
  process.env.LOAD_BY === 'runner' ? vite.environments.ssr.runner.import(url) : vite.ssrLoadModule(url)

server.on('request', (request, response) => {
  vite.middlewares(request, response, async () => {
    try {
      const { render } = await load('/src/entry-server.ts')
      const page = await readFile(new URL('index.html', import.meta.url), 'utf8')
      const html = await vite.transformIndexHtml(request.url ?? '/', page)
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html.replace('<!--app-->', render()))
    } catch (error) {
      vite.ssrFixStacktrace(error)
      response.writeHead(500).end(error.stack)
    }
  })
})
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
vite.watcher.once('ready', () => console.log('[debug] watcher is ready'))
