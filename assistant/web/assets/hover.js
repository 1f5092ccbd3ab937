// ---- what a marker in an answer points at, while the pointer or the keyboard's focus is on it.
// Follows steps.js in one script. Those who don't see it hear the marker's name, and may open it.
const LINGER = 220, LEAVE = 160;  // milliseconds until it comes, and until it goes
const AROUND = 110;               // characters of the passage before and after the quote
const hoverCard = document.body.appendChild(Object.assign(document.createElement('div'), { className: 'hover-card', hidden: true }));
hoverCard.setAttribute('aria-hidden', 'true');
let hovered = null, hoverSoon = 0;

// The browser would show a marker's title over the card; it gets it back when the card goes.
const keepTitle = link => { if (link.title) { link.dataset.title = link.title; link.removeAttribute('title'); } };
const endHover = () => {
  clearTimeout(hoverSoon);
  if (hovered?.dataset.title) { hovered.title = hovered.dataset.title; delete hovered.dataset.title; }
  hovered = null;
  hoverCard.hidden = true;
};

const clipped = (text, fromEnd) => {
  if (text.length <= AROUND) return text;
  return fromEnd ? `… ${text.slice(-AROUND).replace(/^\S*\s/, '')}` : `${text.slice(0, AROUND).replace(/\s\S*$/, '')} …`;
};

const quoteOf = read => {
  const mark = read.querySelector('#hit'), passage = mark?.closest('.passage');
  if (!passage) return null;
  const [before, after] = passage.textContent.split(mark.textContent, 2);
  const quote = Object.assign(document.createElement('mark'), { textContent: mark.textContent });
  const line = document.createElement('p');
  line.append(clipped(before, true), quote, clipped(after ?? '', false));
  return line;
};

const showHover = async link => {
  const reference = referenceOf(link);
  let html = fetched.get(reference);
  if (!html) try { html = await server.document(reference); } catch { return; }
  if (hovered !== link || !link.isConnected) return;
  fetched.set(reference, html);
  const read = new DOMParser().parseFromString(html, 'text/html');
  const title = Object.assign(document.createElement('b'), { textContent: read.querySelector('h2')?.textContent ?? '' });
  const line = Object.assign(document.createElement('i'), { textContent: read.querySelector('.about small')?.textContent ?? '' });
  hoverCard.replaceChildren(title, line, ...[quoteOf(read)].filter(Boolean));
  keepTitle(link);
  hoverCard.hidden = false;
  const at = link.getBoundingClientRect(), height = hoverCard.offsetHeight;
  hoverCard.style.left = `${Math.max(12, Math.min(at.left - 24, innerWidth - hoverCard.offsetWidth - 12))}px`;
  hoverCard.style.top = `${at.bottom + height + 16 > innerHeight ? Math.max(8, at.top - height - 8) : at.bottom + 8}px`;
};

const beginHover = link => {
  if (hovered === link) { clearTimeout(hoverSoon); return; }
  endHover();
  if (wanted === referenceOf(link)) return;  // it is open beside the answer
  hovered = link;
  hoverSoon = setTimeout(showHover, LINGER, link);
};
const markerAt = target => target.closest?.(`#chat .bot ${MARKER}`);

document.addEventListener('pointerover', event => {
  if (event.pointerType !== 'mouse') return;
  const link = markerAt(event.target);
  if (link) beginHover(link);
  else if (hoverCard.contains(event.target)) clearTimeout(hoverSoon);
  else if (hovered && document.activeElement !== hovered) { clearTimeout(hoverSoon); hoverSoon = setTimeout(endHover, LEAVE); }
});
document.addEventListener('focusin', event => {
  const link = markerAt(event.target);
  if (link?.matches(':focus-visible')) beginHover(link);
  else if (hovered) endHover();
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' && event.key !== 'Enter') return;
  // What is on top goes first: a second Esc closes what is below it.
  if (event.key === 'Escape' && !hoverCard.hidden) event.stopPropagation();
  endHover();
}, true);
document.addEventListener('scroll', () => { if (hovered) endHover(); }, true);
document.addEventListener('click', event => {
  if (!hovered) return;
  const link = hovered, inside = hoverCard.contains(event.target);
  endHover();
  if (inside) follow(link);
}, true);
