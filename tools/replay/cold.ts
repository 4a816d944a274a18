import type { Answer } from './answer.ts'

/** What servers started at one commit, and at no other, answer. */
export type Cold =
  | {
      readonly kind: 'answers'
      readonly answers: readonly Answer[]
      /** Of the same process, asked a second time. */
      readonly again: readonly Answer[]
    }
  | { readonly kind: 'fails'; readonly why: string }
