import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { linkRoutes } from './src/routes/links.ts'
import { statusRoutes } from './src/routes/status.ts'
import { visitRoutes } from './src/routes/visit.ts'
import { startSweeping } from './src/sweeper.ts'

function createApp(): Express {
  const app = express()
  app.use(express.json())
  app.get('/', (_request, response) => void response.send('Hello, short links live at /links'))
  app.use('/links', linkRoutes)
  app.use('/status', statusRoutes)
  app.use('/to', visitRoutes)
  return app
}

function main(): void {
  startSweeping()
  const server = createApp().listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    const address = server.address() as AddressInfo
    console.log(`listening on http://127.0.0.1:${address.port}`)
  })
}

main()
