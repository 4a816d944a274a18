import { tell } from '../support/story/index.ts'
import { exports } from './edits/exports.ts'

tell('exports, imports and files', exports)
