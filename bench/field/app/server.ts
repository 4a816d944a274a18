import { answer } from './src/app.ts'
import { serve } from './src/serve.ts'

let hits = 0

serve((path) => answer(path, (hits += 1)))
