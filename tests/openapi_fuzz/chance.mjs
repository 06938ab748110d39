// Drawing lots that fall the same way for the same seed: request 417 of a seed is the same request whoever asks first.
export class Chance {
  #state

  constructor(seed, number = 0) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0
    for (let i = 0; i < 4; i++) this.next()
  }

  /** A number from 0 to below 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  below(count) {
    return Math.floor(this.next() * count)
  }

  between(least, most) {
    return least + this.below(most - least + 1)
  }

  happens(share) {
    return this.next() < share
  }

  of(list) {
    return list[this.below(list.length)]
  }
}
