import { toCelsius } from './celsius.ts'

const reading = document.querySelector('[data-kelvin]')
if (reading instanceof HTMLElement) {
  reading.title = `It was ${toCelsius(Number(reading.dataset['kelvin']))} when the page was made.`
}

if (import.meta.hot) import.meta.hot.accept()
