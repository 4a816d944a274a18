import type { Server } from 'node:http'
import { answer } from './src/app.ts'
import { serve } from './src/serve.ts'

let hits = 0

const held = globalThis as { server?: Server } // hmr
held.server?.close() // hmr
held.server = serve((path) => answer(path, (hits += 1))) // hmr
