export interface Todo {
  readonly id: number
  readonly title: string
  readonly isDone: boolean
}

/** Lives as long as the process: an edit elsewhere must not empty it. */
export const store = new Map<number, Todo>([
  [1, { id: 1, title: 'water the plants', isDone: true }],
  [2, { id: 2, title: 'edit src/routes/todos.ts', isDone: false }],
])
