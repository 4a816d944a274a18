import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { openRoom } from './services/room.ts'

/** `ws://…/chat?room=lobby&name=Ada`: whatever the socket sends is said in the room. */
export function onConnection(socket: WebSocket, request: IncomingMessage): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const room = openRoom(searchParams.get('room') ?? 'lobby')
  const author = searchParams.get('name') ?? 'somebody'

  room.join(socket)
  socket.on('message', (data) => room.say(author, String(data)))
  socket.on('close', () => room.leave(socket))
}
