/** Seconds that the window reaches back (dataverse-web-api 5, human-resources-security 6.4). */
export const windowSeconds = 300;

/** What was used within a window. */
export interface Used {
  readonly requests: number;
  /** Milliseconds. */
  readonly time: number;
}

/** Requests and their time (whole milliseconds) within the last five minutes, to the second, in memory of one size. */
export class SlidingWindow implements Used {
  readonly #requests = new Uint32Array(windowSeconds);
  readonly #times = new Float64Array(windowSeconds);
  /** The last second that is in it, counted from 1970. */
  #second = 0;
  #allRequests = 0;
  #allTime = 0;

  get requests(): number {
    return this.#allRequests;
  }

  get time(): number {
    return this.#allTime;
  }

  get isEmpty(): boolean {
    return this.#allRequests === 0 && this.#allTime === 0;
  }

  /** Forgets what is too old at `now` (milliseconds since 1970). A clock that was set back begins a new window. */
  moveTo(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = second - this.#second;
    if (passed === 0) return;
    this.#second = second;
    if (passed < 0 || passed >= windowSeconds) {
      this.#clear();
      return;
    }
    for (let each = second - passed + 1; each <= second; each++) this.#forget(each % windowSeconds);
  }

  addRequest(): void {
    const slot = this.#second % windowSeconds;
    this.#requests[slot] = (this.#requests[slot] ?? 0) + 1;
    this.#allRequests++;
  }

  addTime(milliseconds: number): void {
    const slot = this.#second % windowSeconds;
    this.#times[slot] = (this.#times[slot] ?? 0) + milliseconds;
    this.#allTime += milliseconds;
  }

  /** Whole seconds until what is left then satisfies `isEnough`, if nothing is added; an empty window has to. */
  secondsUntil(isEnough: (left: Used) => boolean): number {
    const left = { requests: this.#allRequests, time: this.#allTime };
    for (let wait = 1; wait < windowSeconds; wait++) {
      const slot = (this.#second + wait) % windowSeconds;
      left.requests -= this.#requests[slot] ?? 0;
      left.time -= this.#times[slot] ?? 0;
      if (isEnough(left)) return wait;
    }
    return windowSeconds;
  }

  #forget(slot: number): void {
    this.#allRequests -= this.#requests[slot] ?? 0;
    this.#allTime -= this.#times[slot] ?? 0;
    this.#requests[slot] = 0;
    this.#times[slot] = 0;
  }

  #clear(): void {
    this.#requests.fill(0);
    this.#times.fill(0);
    this.#allRequests = 0;
    this.#allTime = 0;
  }
}
