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
  return [...message.querySelectorAll(MARKER)].map(referenceOf);
};

const open = (reference, refs) => {
  wanted = reference;
  trigger('cite', { ref: reference, refs });
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

const reveal = () => {
  if (!element.querySelector('.ev-read')) return;
  column.classList.add('reading', 'open');
  markCurrent();
  const place = element.querySelector('.doc');
  const hit = element.querySelector('#hit');
  if (place && hit) {
    place.scrollTop += hit.getBoundingClientRect().top - place.getBoundingClientRect().top - place.clientHeight / 3;
    hit.classList.add('pulse');
  }
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
  const lost = [null, document.body].includes(document.activeElement);
  if (lost && tries && !reading()) setTimeout(() => handBack(tries - 1), 100);
};

const conceal = lower => {
  const wasOpen = reading() || column.classList.contains('open');
  column.classList.remove('reading');
  if (lower) column.classList.remove('open');
  wanted = '';
  if (props.value) props.value = '';
  markCurrent();
  if (wasOpen) handBack(3);
};

const leave = lower => {
  conceal(lower);
  if (pushed) { pushed = false; history.back(); }
  else if (location.hash.startsWith(HASH)) history.replaceState(null, '', withHash(''));
};

// The picture of a PDF's page is drawn on the server when it is first asked for.
const showPage = async button => {
  const slot = element.querySelector('.picture-slot');
  const show = button.getAttribute('aria-expanded') === 'false';
  if (show && !slot.firstChild) {
    button.disabled = true;
    try {
      slot.innerHTML = await server.page_picture(element.querySelector('.ev-read').dataset.ref);
    } catch {
      slot.innerHTML = '<p class="cut" role="alert">The page could not be shown: the server did not answer. Try again.</p>';
    }
    button.disabled = false;
  }
  if (!button.isConnected) return;
  button.setAttribute('aria-expanded', String(show));
  if (!show) return;
  element.querySelector('.doc').scrollTop = 0;
  slot.focus({ preventScroll: true });
};

element.addEventListener('click', event => {
  const button = event.target.closest('[data-picture]');
  if (button) showPage(button);
});

const summarise = () => {
  const cards = document.querySelectorAll('#sources .card').length;
  const heading = document.querySelector('#sources .ev-list h2')?.textContent ?? '';
  peek.hidden = cards === 0;
  peek.textContent = heading === 'Sources' ? `${cards} ${cards === 1 ? 'source' : 'sources'}` : heading;
  markCurrent();
  drawSteps();
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

watch('value', () => {
  if (!element.querySelector('.ev-read')) conceal(true);
  else if (wanted) reveal();
  else props.value = '';  // it was closed before the document came
});
new MutationObserver(summarise).observe(document.getElementById('sources'), { childList: true, subtree: true });
document.getElementById('sources').setAttribute('role', 'region');
document.getElementById('sources').setAttribute('aria-label', 'Evidence');
summarise();

// A link to a citation, or a reload while one was open.
if (location.hash.startsWith(HASH)) open(location.hash.slice(HASH.length), []);
