import { tell } from '../support/story/index.ts'
import { servers } from './edits/servers.ts'

tell('servers', servers)
