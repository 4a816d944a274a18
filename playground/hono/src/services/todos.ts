import { store, type Todo } from '../store.ts'
import { Collection } from './collection.ts'

export class TodoList extends Collection<Todo> {
  #completed = 0

  open(title: string): Todo {
    return this.add((id) => ({ id, title: title.trim(), isDone: false }))
  }

  complete(id: number): Todo | undefined {
    const todo = this.find(id)
    if (!todo || todo.isDone) return todo
    this.#completed += 1
    return this.replace({ ...todo, isDone: true })
  }

  pending(): readonly Todo[] {
    return this.all().filter((todo) => !todo.isDone)
  }

  summary(): string {
    return `${this.pending().length} of ${this.size} to do, ${this.#completed} completed`
  }
}

export const todos = new TodoList(store)
