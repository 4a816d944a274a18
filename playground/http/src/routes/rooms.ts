import { type Context, HttpError, type Router } from '../router.ts'
import { allRooms, openRoom } from '../services/room.ts'

export function roomRoutes(router: Router): void {
  router.get('/rooms', listRooms)
  router.get('/rooms/:room', showRoom)
  router.post('/rooms/:room', sayInRoom)
}

function listRooms(): object {
  return allRooms().map((room) => ({ name: room.name, listeners: room.size, summary: room.summary() }))
}

function showRoom({ params }: Context): object {
  const room = openRoom(params['room'] ?? '')
  return { name: room.name, history: room.history }
}

async function sayInRoom({ params, body }: Context): Promise<object> {
  const { author, text } = (await body()) as { author?: unknown; text?: unknown }
  if (typeof author !== 'string' || typeof text !== 'string') throw new HttpError(400, 'who says what?')
  return openRoom(params['room'] ?? '').say(author, text)
}
