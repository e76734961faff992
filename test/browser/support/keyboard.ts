import type { Page } from 'playwright-core';

interface Focused {
  /** What a screen reader would call it, as far as the tests need it. */
  readonly name: string;
  readonly isSomewhere: boolean;
  readonly isInSight: boolean;
  readonly isMarked: boolean;
}

/** As much of a page as anybody would walk through before giving up. */
const mostStops = 90;

/** Walks through a page by keys alone. Each step fails where the focus is nowhere, out of sight, or not to be seen. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<string> {
    await this.#page.keyboard.press(key);
    return this.isSeen();
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
    await this.isSeen();
  }

  /** Presses Tab, or what goes back, until something of that name has the focus. */
  async tabTo(name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const passed: string[] = [];
    const way = (): string => `${key} does not lead to ${name}: ${passed.join(' | ')}`;
    for (let stops = 0; stops < mostStops; stops++) {
      const at = await this.press(key).catch((cause: unknown) => {
        throw new Error(way(), { cause });
      });
      if (at === name) return;
      passed.push(at);
    }
    throw new Error(way());
  }

  /** What has the focus, by name. Throws where nobody could tell. */
  async isSeen(): Promise<string> {
    // What moves it, and what shows that, may come with the next picture.
    for (const wait of [0, 50, 150, 400, 1500]) {
      if (wait > 0) await this.#page.waitForTimeout(wait);
      const { isSomewhere, isInSight, isMarked, name } = await this.#page.evaluate<Focused>(lookAtFocus);
      if (isSomewhere && isInSight && isMarked) return name;
    }
    const found = await this.#page.evaluate<Focused>(lookAtFocus);
    const html = await this.#page.evaluate<string>('document.activeElement.outerHTML.slice(0, 300)');
    throw new Error(`the focus cannot be seen: ${JSON.stringify(found)} at ${html}`);
  }
}

/**
 * Marks are an outline or shadow of the element, of a frame around its control, or a line that a pseudo-element of one of
 * these draws, as the component library does.
 */
const lookAtFocus = `(() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText ?? '';
  const draws = (style) =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const line = (style) =>
    style.content !== 'none' && (draws(style) || (parseFloat(style.borderBottomWidth) > 0 && !/matrix\\(0,/.test(style.transform)));
  const marks = (element) =>
    draws(getComputedStyle(element)) || ['::before', '::after'].some((each) => line(getComputedStyle(element, each)));
  const frame = at.matches('input, select, textarea') ? [at, at.parentElement] : [at];
  return {
    name: name.replace(/\\*$/, '').trim().split('\\n')[0],
    isSomewhere: at !== document.body,
    isInSight: box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    isMarked: frame.some(marks),
  };
})()`;
