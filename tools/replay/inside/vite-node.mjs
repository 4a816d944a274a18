#!/usr/bin/env node
// `vite-node` in a replayed repository: gives it a config with hotNode() where the repository's own has none.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const cli = createRequire(import.meta.url).resolve('vite-node/cli')
const args = process.argv.slice(2)

const isGiven = args.some((arg) => /^(?:-c|--config)(?:=|$)/.test(arg))
const hasPlugin =
  process.env.HOT_NODE_REPLAY_CONFIG === undefined &&
  readdirSync('.').some(
    (file) => /^vite\.config\.[cm]?[jt]s$/.test(file) && readFileSync(file, 'utf8').includes('vite-plugin-hot-node'),
  )
if (!isGiven && !hasPlugin) args.unshift('--config', fileURLToPath(new URL('vite.config.mjs', import.meta.url)))

process.argv = [process.execPath, cli, ...args]
await import(pathToFileURL(cli).href)
