import { createServer, type Server } from 'node:http'

/** Listens on the port that the environment names. `/events` is a stream of server-sent events, which stays open. */
export function serve(answer: (path: string) => Promise<string>): Server {
  const server = createServer(async (request, response) => {
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: open\n\n')
      return
    }
    try {
      const body = await answer(request.url ?? '/')
      response.setHeader('content-type', 'application/json')
      response.end(body)
    } catch (error) {
      // As Bun.serve and Deno.serve do. Some peers evaluate a file that is half written.
      response.writeHead(500).end(String(error))
    }
  })
  const port = Number(process.env.PORT)
  return server.listen(port, '127.0.0.1', () => console.log(`listening ${port}`))
}
