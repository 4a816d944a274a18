import { answer } from './src/app.ts'

const port = Number(process.env.PORT)
let hits = 0

Deno.serve({
  port,
  hostname: '127.0.0.1',
  async handler(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/events') {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('data: open\n\n')),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    return new Response(await answer(pathname, (hits += 1)), { headers: { 'content-type': 'application/json' } })
  },
})

console.log(`listening ${port}`)
