import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { words } from './src/words.ts'

/** Begins anew when this module does. */
let requests = 0

const server = createServer((_, response) => {
  requests += 1
  response.end(JSON.stringify({ pid: process.pid, requests, words: words() }))
})

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
