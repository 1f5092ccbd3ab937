// Opens citations, moves the focus there and back, and on a phone raises the sheet.
// Runs once when the reader is drawn; `element`, `props`, `server`, `trigger` and `watch` are Gradio's.
const MARKER = 'a[href^="#cite-"]';
const HASH = '#cite-';
const column = document.getElementById('right');
const peek = document.getElementById('peek-button');
const phone = matchMedia('(max-width: 800px)');

let opener = null;   // what the focus returns to
let pushed = false;  // whether "back" in the browser closes the reader
let wanted = '';
let paged = false;   // whether the pages of PDFs are shown as pictures (picture.js)

const referenceOf = link => link.getAttribute('href').slice(HASH.length);
const reading = () => column.classList.contains('reading');

const markCurrent = () => {
  for (const link of document.querySelectorAll(MARKER)) {
    const here = wanted !== '' && referenceOf(link) === wanted;
    if (here) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
};

// The other references of the same answer, when the list beside it shows another answer's.
const companions = link => {
  const message = link.closest('#chat .message');
  const listed = document.querySelector(`#sources ${MARKER}[href="${link.getAttribute('href')}"]`);
  if (!message || listed) return [];
  const all = [...new Set([...message.querySelectorAll(MARKER)].map(referenceOf))];
  return all.sort((a, b) => a.split('.')[3] - b.split('.')[3]);
};

// The documents of the quotes that are listed, fetched before anybody asks for one.
const AHEAD = 300, KEPT = 40;  // milliseconds after the list was drawn; documents
const fetched = new Map();
let soon = 0;

const fetchAhead = async () => {
  for (const card of document.querySelectorAll('#sources a.card')) {
    const reference = referenceOf(card);
    if (fetched.has(reference)) continue;
    try { fetched.set(reference, await server.document(reference)); } catch { return; }
    if (fetched.size > KEPT) fetched.delete(fetched.keys().next().value);
  }
};

// A document that was fetched is shown at once; whether it is still there is looked up meanwhile.
const open = async (reference, refs) => {
  wanted = reference;
  const before = fetched.get(reference);
  if (before) { props.value = before; setTimeout(look, 0, 60); }
  if (!before || refs.length) { trigger('cite', { ref: reference, refs }); return; }
  try {
    const now = await server.document(reference);
    fetched.set(reference, now);
    if (wanted === reference && now !== before) props.value = now;
  } catch { /* the server is away; what it said before is on the screen */ }
};

// The whole address: the page has a base of its own, to which a bare hash would go.
const withHash = hash => location.pathname + location.search + hash;

const follow = link => {
  opener = link;
  open(referenceOf(link), companions(link));
  const url = link.getAttribute('href');
  if (location.hash === url) return;
  if (reading()) history.replaceState(history.state, '', withHash(url));
  else { history.pushState({ archive: true }, '', withHash(url)); pushed = true; }
};

// Moves the focus to the quote; on a busy machine the column may take a few frames to be there.
const settle = tries => {
  const target = element.querySelector('#hit') ?? element.querySelector('h2');
  target?.focus({ preventScroll: true });
  const idle = [null, document.body, opener].includes(document.activeElement);
  if (idle && tries && reading()) setTimeout(() => settle(tries - 1), 100);
};

// Puts a part of the document a third below the top of what is seen of it.
const center = part => {
  const place = element.querySelector('.doc');
  place.scrollTop += part.getBoundingClientRect().top - place.getBoundingClientRect().top - place.clientHeight / 3;
};

// On a phone the sheet covers the answer: the sentence that it is about goes above it.
const liftAbove = () => {
  const wrap = document.querySelector('#chat .bubble-wrap');
  if (!phone.matches || !wrap || !wrap.contains(opener)) return;
  const sheet = innerHeight - column.offsetHeight, top = wrap.getBoundingClientRect().top;
  const { bottom } = opener.getBoundingClientRect();
  if (bottom > sheet - 12 || bottom < top + 24) wrap.scrollTop += bottom - (sheet - 18);
};

const reveal = () => {
  if (!element.querySelector('.ev-read')) return;
  column.classList.add('reading', 'open');
  markCurrent();
  const hit = element.querySelector('#hit'), picture = element.querySelector('[data-picture]');
  if (hit) {
    center(hit);
    hit.classList.add('pulse');
  }
  if (picture && paged) showPage(picture, false);
  liftAbove();
  // After the frame that makes the column visible: what is hidden can't take the focus.
  setTimeout(() => settle(3), 30);
  drawSteps();
  fillCopies();
};

// The list is drawn anew while an answer grows, so the link may have a successor by now.
const whereFrom = () => {
  const href = opener?.isConnected === false ? opener.getAttribute('href') : null;
  return href ? document.querySelector(`#sources a[href="${href}"], #chat a[href="${href}"]`) : opener;
};

// Hands the focus back; while the list is drawn anew it may take a few frames to be there.
const handBack = tries => {
  whereFrom()?.focus?.({ preventScroll: true });
  const now = document.activeElement;
  const lost = [null, document.body].includes(now) || element.contains(now);
  if (lost && tries && !reading()) setTimeout(handBack, 60, tries - 1);
};

const conceal = lower => {
  const wasOpen = reading() || column.classList.contains('open');
  column.classList.remove('reading');
  if (lower) column.classList.remove('open');
  wanted = '';
  if (props.value) props.value = '';
  markCurrent();
  if (wasOpen) handBack(5);
};

const leave = lower => {
  conceal(lower);
  if (pushed) { pushed = false; history.back(); }
  else if (location.hash.startsWith(HASH)) history.replaceState(null, '', withHash(''));
};

const summarise = () => {
  const cards = document.querySelectorAll('#sources .card').length;
  const heading = document.querySelector('#sources .ev-list h2')?.textContent ?? '';
  peek.hidden = cards === 0;
  const short = document.querySelector('#sources .meter')?.dataset.short;
  const said = heading === say('evidence.sources') ? say.count('evidence.quotes', cards) : heading;
  peek.textContent = short ? `${said} · ${short}` : said;
  markCurrent();
  drawSteps();
  clearTimeout(soon);
  soon = setTimeout(fetchAhead, AHEAD);
};

document.addEventListener('click', event => {
  const link = event.target.closest?.(MARKER);
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    follow(link);
    return;
  }
  const act = event.target.closest?.('#right [data-act]')?.dataset.act;
  if (act) leave(act === 'close' || (act === 'back' && !phone.matches));
  else if (phone.matches && column.classList.contains('open') && !column.contains(event.target)) leave(true);
}, true);

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || event.isComposing || !column.classList.contains('open')) return;
  event.preventDefault();
  leave(true);
});

window.addEventListener('popstate', () => {
  pushed = false;
  if (location.hash.startsWith(HASH)) open(location.hash.slice(HASH.length), []);
  else if (reading()) conceal(true);
});

peek.addEventListener('click', event => {
  event.stopPropagation();
  opener = peek;
  column.classList.add('open');
  document.querySelector('#sources h2')?.focus({ preventScroll: true });
});

// A value that this script sets is told before it is drawn, one from the server after.
const look = tries => {
  const read = element.querySelector('.ev-read');
  if (!wanted) { if (read) props.value = ''; }  // it was closed before the document came
  else if (read && (read.dataset.ref === wanted || read.matches('.gone'))) reveal();
  else if (!read && reading()) conceal(true);  // the server took it away
  else if (tries) setTimeout(look, 16, tries - 1);
};

watch('value', () => setTimeout(look, 0, 60));
new MutationObserver(summarise).observe(document.getElementById('sources'), { childList: true, subtree: true });
document.getElementById('sources').setAttribute('role', 'region');
document.getElementById('sources').setAttribute('aria-label', say('evidence.heading'));
summarise();

// A link to a citation, or a reload while one was open.
if (location.hash.startsWith(HASH)) open(location.hash.slice(HASH.length), []);
