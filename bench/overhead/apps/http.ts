import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { announce } from './announce.ts'
import { itemPage } from './page.ts'
import { NotFound } from './store.ts'

const ROUTE = /^\/items\/(\d+)$/

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/cpu') return send(response, 200, process.cpuUsage())
  const match = ROUTE.exec(request.url ?? '/')
  if (match === null) return send(response, 404, { error: 'no such route' })
  try {
    send(response, 200, await itemPage(Number(match[1])))
  } catch (error) {
    if (error instanceof NotFound) send(response, 404, { error: error.message })
    else send(response, 500, { error: String(error) })
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const server = createServer((request, response) => void respond(request, response))

server.listen(0, '127.0.0.1', () => announce(server))
