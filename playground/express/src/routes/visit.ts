import { Router } from 'express'
import { shortener } from '../services/shortener.ts'

export const visitRoutes = Router()

visitRoutes.get('/:code', (request, response) => {
  const link = shortener.visit(request.params.code)
  if (link) response.redirect(link.target)
  else response.status(404).json({ error: 'no such link' })
})
