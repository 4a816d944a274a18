import { tell } from '../support/story/index.ts'
import { classes, decorated } from './edits/classes.ts'

tell('classes', classes)
tell('decorated classes', decorated)
