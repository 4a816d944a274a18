import type { Router } from '../router.ts'
import { allRooms } from '../services/room.ts'

export function homeRoutes(router: Router): void {
  router.get('/', home)
}

function home(): string {
  const rooms = allRooms().map((room) => `<li>${room.summary()}</li>`)
  return `<!doctype html>
<title>Chat</title>
<h1>Welcome to the chat</h1>
<ul>${rooms.join('')}</ul>
<form><input name="text" autofocus> <button>Say</button></form>
<ol></ol>
<script type="module">
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/chat?room=lobby&name=guest')
  socket.onmessage = ({ data }) => {
    const { author, text } = JSON.parse(data)
    document.querySelector('ol').append(Object.assign(document.createElement('li'), { textContent: author + ': ' + text }))
  }
  document.querySelector('form').onsubmit = (event) => {
    event.preventDefault()
    socket.send(event.target.text.value)
    event.target.reset()
  }
</script>
`
}
