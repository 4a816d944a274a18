import { Router } from 'express'
import { visitsByHost } from '../analytics.ts'
import { links } from '../store.ts'
import { countSweeps } from '../sweeper.ts'

export const statusRoutes = Router()

statusRoutes.get('/', (_request, response) => {
  response.json({
    pid: process.pid,
    ticks: countSweeps(),
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    links: links.size,
    visitsByHost: Object.fromEntries(visitsByHost),
  })
})
