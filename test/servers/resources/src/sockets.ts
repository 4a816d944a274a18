import { createSocket } from 'node:dgram'
import { createServer as createHttp2Server } from 'node:http2'
import { createServer } from 'node:net'
import { EDITION } from './edition.ts'

const lines = createServer((socket) => socket.end(`${EDITION}\n`))
lines.maxConnections = 100 + EDITION
lines.listen(0, '127.0.0.1')

const streams = createHttp2Server()
streams.on('stream', (stream) => stream.respond({ edition: EDITION }, { endStream: true }))
streams.setTimeout(10_000 + EDITION)
streams.listen(0, '127.0.0.1')

const datagrams = createSocket('udp4')
datagrams.on('message', () => EDITION)
datagrams.bind(0, '127.0.0.1', () => EDITION)
