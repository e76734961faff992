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

/** Is it in something that scrolls by itself? The content as a whole only does so from top to bottom. */
const scrolls = (element, axis) => {
  const content = axis === 'x' ? document.querySelector('main') : null;
  for (let at = element; at !== null && at !== content; at = at.parentElement) {
    const overflow = getComputedStyle(at)[axis === 'x' ? 'overflowX' : 'overflowY'];
    if (overflow === 'auto' || overflow === 'scroll') return true;
  }
  return false;
};

/** Its words go on outside of the frame that is drawn around them. */
const leavesFrame = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { right } = range.getBoundingClientRect();
  for (let at = element; at !== null; at = at.parentElement) {
    const { borderRightWidth, overflowX } = getComputedStyle(at);
    if (overflowX === 'auto' || overflowX === 'scroll') return false;
    if (Number.parseFloat(borderRightWidth) > 0) return right > at.getBoundingClientRect().right + 1;
  }
  return false;
};

/** What is chosen does not fit between the edges of its field. */
const isCut = (select) => {
  const { font, paddingLeft, paddingRight } = getComputedStyle(select);
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = font;
  const words = pen.measureText(select.selectedOptions[0]?.textContent ?? '').width;
  return words > select.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight) + 1;
};

/** Words that go on in the next line without a hyphen of their own. */
const brokenWords = (element) =>
  [...element.childNodes]
    .filter((node) => node.nodeType === 3)
    .flatMap((node) =>
      [...node.textContent.matchAll(/[\p{L}\p{N}]+/gu)].filter(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      }),
    )
    .map(([word]) => word);

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

const scrollsSideways = (element) => element !== null && element.scrollWidth > element.clientWidth + 1;

/** Is that place inside of all that cuts it off? */
const isInSight = (element, x, y) => {
  for (let at = element; at !== null; at = at.parentElement) {
    if (getComputedStyle(at).overflow === 'visible') continue;
    const { left, right, top, bottom } = at.getBoundingClientRect();
    if (x < left || x > right || y < top || y > bottom) return false;
  }
  return x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
};

/** Something else stands on the middle of its words. Messages that go away by themselves may. */
const isOverlaid = (element) => {
  const node = [...element.childNodes].find(({ nodeType, textContent }) => nodeType === 3 && textContent.trim() !== '');
  const range = document.createRange();
  range.selectNodeContents(node);
  const [place] = range.getClientRects();
  if (place === undefined) return false;
  const [x, y] = [place.left + place.width / 2, place.top + place.height / 2];
  if (!isInSight(element, x, y)) return false;
  // Native controls lie transparent upon what is drawn for them.
  const hit = document.elementsFromPoint(x, y).find((each) => each.checkVisibility({ opacityProperty: true }));
  return hit !== undefined && !element.contains(hit) && !hit.contains(element) && hit.closest('.fui-Toaster') === null;
};

/** Words stand below the edge of the frame that was drawn for them. */
const runsOver = (frame) => frame.scrollHeight > frame.clientHeight + 1;

globalThis.portvaktLook = () => {
  const texts = withText();
  const controls = [...document.querySelectorAll('a[href], button, input, select, textarea')].filter(isShown);
  return {
    pageScrollsSideways: scrollsSideways(document.documentElement) || scrollsSideways(document.querySelector('main')),
    clipped: [
      ...texts.filter(isClipped),
      ...controls.filter((control) => control.matches('select') && isCut(control)),
      ...controls.filter((control) => control.matches('input') && control.scrollWidth > control.clientWidth + 1),
      ...[...document.querySelectorAll('.fui-MessageBar')].filter(runsOver),
    ].map(describe),
    sticksOut: [
      ...[...texts, ...controls].filter(sticksOut),
      ...texts.filter((element) => !element.matches('option') && leavesFrame(element)),
    ].map(describe),
    broken: texts
      .filter((element) => element.matches('h1, h2, h3, h1 *, h2 *, h3 *, button, nav a'))
      .flatMap(brokenWords),
    covered: [
      ...controls.filter((element) => isCovered(element) && !scrolls(element.parentElement, 'y')),
      ...texts.filter((element) => !element.matches('option') && isOverlaid(element)),
    ].map(describe),
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
