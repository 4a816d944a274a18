/** Used by the server and by the page. */
export function toCelsius(kelvin: number): string {
  return `${Math.round(kelvin - 273.15)} °C`
}
