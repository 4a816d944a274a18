import { claim } from './claim.ts'

/** Every run checks the same programs. Others: `npm run equivalence`. */
claim('known', 4)
