import { tell } from '../support/story/index.ts'
import { badInput } from './edits/bad-input.ts'

tell('bad input', badInput)
