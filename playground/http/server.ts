import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { onConnection } from './src/chat.ts'
import { Router } from './src/router.ts'
import { homeRoutes } from './src/routes/home.ts'
import { roomRoutes } from './src/routes/rooms.ts'
import { statusRoutes } from './src/routes/status.ts'

const port = Number(process.env.PORT ?? 3000)

const router = new Router()
homeRoutes(router)
roomRoutes(router)
statusRoutes(router)

const server = createServer((request, response) => void router.handle(request, response))

const sockets = new WebSocketServer({ server, path: '/chat' })
sockets.on('connection', onConnection)

server.listen(port, '127.0.0.1', () => {
  const address = server.address() as AddressInfo
  console.log(`listening on http://127.0.0.1:${address.port}`)
})
