/** A weather station with a memory. */
export class Station {
  readonly name: string
  readings = 0
  kelvin = 280

  constructor(name: string) {
    this.name = name
  }

  measure(): void {
    this.readings += 1
    this.kelvin = 280 + (this.readings % 10)
  }
}
