import { toSummary } from './format.ts'
import { items } from './store.ts'
import { Visits } from './visits.ts'

const visits = new Visits()

/** What both apps answer with: a few async steps through several modules and classes. */
export async function itemPage(id: number): Promise<object> {
  const item = await items.load(id)
  const related = await describeRelated(id)
  const visit = visits.record(id)
  return { ...item, ...toSummary(item), related, visit: visit.number }
}

async function describeRelated(id: number): Promise<readonly object[]> {
  const item = await items.load(id)
  return items.related(item).map((other) => toSummary(other))
}
