import { createServer, isRunnableDevEnvironment } from 'vite'

const vite = await createServer({ server: { middlewareMode: true }, appType: 'custom' })
const { ssr } = vite.environments
if (isRunnableDevEnvironment(ssr)) await ssr.runner.import('/server.vite-runner.ts')
