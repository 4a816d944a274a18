import { toCelsius } from './celsius.ts'
import { Station } from './station.ts'

console.log('entry-server.ts runs')

const station = new Station('Jena')

/** The part of the page that the server knows. */
export function render(): string {
  const { name, readings } = station
  station.measure()
  return `<main><h1>${name}</h1><p data-kelvin="${station.kelvin}">${toCelsius(station.kelvin)} after ${readings} readings</p></main>`
}
