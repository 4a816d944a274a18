import { serve } from './src/serve.ts'

let hits = 0

serve(async (path) => {
  const { answer } = await import('./src/app.ts', import.meta.hot?.boundary) // hmr
  return answer(path, (hits += 1))
})
