import { tell } from '../support/story/index.ts'
import { errors } from './edits/errors.ts'

tell('errors', errors)
