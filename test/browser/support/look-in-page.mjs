// Runs in the page, as text: what a person would see there that must not be.

const isShown = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
  element.getBoundingClientRect().width > 1;

const describe = (element) =>
  `${element.tagName.toLowerCase()} «${(element.textContent ?? '').trim().slice(0, 60)}» at ${Math.round(element.getBoundingClientRect().left)},${Math.round(element.getBoundingClientRect().top)}`;

/** Elements with a text of their own. */
const withText = () =>
  [...document.body.querySelectorAll('*')].filter(
    (element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '') && isShown(element),
  );

const scrolls = (element, axis) => {
  for (let at = element; at !== null; at = at.parentElement) {
    const overflow = getComputedStyle(at)[axis === 'x' ? 'overflowX' : 'overflowY'];
    if (overflow === 'auto' || overflow === 'scroll') return true;
  }
  return false;
};

const isClipped = (element) => {
  const { overflowX, textOverflow } = getComputedStyle(element);
  const hides = overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis';
  return hides && element.scrollWidth > element.clientWidth + 1;
};

const sticksOut = (element) =>
  element.getBoundingClientRect().right > innerWidth + 1 &&
  element.getBoundingClientRect().left < innerWidth &&
  !scrolls(element, 'x');

/** What a pointer would hit in the middle of it is it, or a part of it. */
const isCovered = (element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
  const hit = document.elementFromPoint(x, y);
  if (hit === null || element.contains(hit) || hit.contains(element)) return false;
  // Scrolled away beneath the edge of its own container is not covered.
  return hit.closest('label')?.control !== element && element.closest('label')?.contains(hit) !== true;
};

globalThis.portvaktLook = () => {
  const texts = withText();
  return {
    pageScrollsSideways: document.documentElement.scrollWidth > innerWidth + 1,
    clipped: texts.filter(isClipped).map(describe),
    sticksOut: texts.filter(sticksOut).map(describe),
    covered: [...document.querySelectorAll('a[href], button, input, select, textarea')]
      .filter((element) => isShown(element) && isCovered(element) && !scrolls(element.parentElement, 'y'))
      .map(describe),
    texts: [
      // What says that it is in another language is.
      ...texts
        .filter((element) => element.closest('[lang]')?.lang === document.documentElement.lang)
        .flatMap((element) =>
          [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()),
        ),
      ...[...document.querySelectorAll('[aria-label], [placeholder], [title]')].flatMap((element) =>
        ['aria-label', 'placeholder', 'title'].map((name) => element.getAttribute(name) ?? ''),
      ),
    ].filter((text) => text !== ''),
  };
};
