import { defineConfig } from 'vite'
import { hotNode } from 'vite-plugin-hot-node'

export default defineConfig({ plugins: [hotNode()] })
