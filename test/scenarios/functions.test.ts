import { tell } from '../support/story/index.ts'
import { functions } from './edits/functions.ts'

tell('functions', functions)
