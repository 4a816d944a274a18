import { answer } from './src/app.ts'
import { serve } from './src/serve.ts'

let hits = 0
let current = answer // hmr

serve((path) => current(path, (hits += 1)))

import.meta.hot?.accept('./src/app.ts', (next) => (current = next?.answer ?? current)) // hmr
