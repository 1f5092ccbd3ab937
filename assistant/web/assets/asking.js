// ---- what readers may do with a question and an answer: copy without the sources, ask otherwise.
// Follows chat.js in one script. Gradio draws the messages when it likes, so the buttons are put
// back whenever they are missing.
const SVG_OF = path => `<svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;
const PENCIL = SVG_OF('<path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3"/>');
const PLAIN = SVG_OF('<path d="M6 4h9l4 4v12H6zM9.5 11h6M9.5 15h4"/>');
const field = () => left.querySelector('#question textarea');
const DRAFT = 'archive-draft', UNANSWERED = 'archive-unanswered';
const keepIn = (key, text) => { try { sessionStorage.setItem(key, text); } catch { /* then it is lost */ } };
let editing = false;

const button = (className, name, inside) => {
  const one = Object.assign(document.createElement('button'), { type: 'button', className, title: name, innerHTML: inside });
  one.setAttribute('aria-label', name);
  return one;
};

function addButtons() {
  const waiting = left.querySelector('#question .stop-button') !== null;
  const asked = [...left.querySelectorAll('#chat .user-row')];
  asked.forEach((row, place) => {
    const old = row.querySelector('.edit-question');
    if (place < asked.length - 1 || waiting) old?.remove();
    else if (!old) row.prepend(button('edit-question', say('asking.edit'), PENCIL));
  });
  for (const row of left.querySelectorAll('#chat .message-buttons-left')) {
    const cited = row.previousElementSibling?.querySelector('a[href^="#cite-"]');
    const old = row.querySelector('.copy-plain');
    if (!cited) old?.remove();
    else if (!old) copyOf(row)?.after(button('icon-button copy-plain', say('asking.copy_plain'), PLAIN));
  }
}

const write = text => {
  const box = field();
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, text);
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus({ preventScroll: true });
  box.setSelectionRange(text.length, text.length);
};

const bar = document.createElement('p');
bar.className = 'editing';
bar.hidden = true;
bar.innerHTML = `<span></span> <button type="button">${say('asking.cancel')}</button>`;
const edit = (text, why) => {
  editing = true;
  const box = left.querySelector('#question');
  if (bar.nextSibling !== box) box.before(bar);
  bar.hidden = false;
  bar.querySelector('span').textContent = why;
  hear(why);
  write(text);
};
const endEditing = () => { editing = false; bar.hidden = true; bar.querySelector('span').textContent = ''; };
bar.querySelector('button').addEventListener('click', () => { endEditing(); write(''); });

// Read by the event that asks a question: whether it takes the place of the last one.
window.archiveEdit = () => {
  const was = editing;
  endEditing();
  expectAnswer(was);
  // A phone's keyboard would cover the answer.
  if (byThumb.matches) field()?.blur();
  return was;
};

// The button that stops goes away with its answer, and the focus would go with it.
const byThumb = matchMedia('(hover:none)');
left.addEventListener('click', event => {
  if (event.target.closest('#question .stop-button') && !byThumb.matches) field()?.focus({ preventScroll: true });
}, true);
left.addEventListener('keydown', event => {
  const stop = left.querySelector('#question .stop-button');
  if (event.key !== 'Escape' || event.isComposing || !stop || event.target !== field()) return;
  event.preventDefault();
  event.stopPropagation();
  stop.click();
});

// A question that stays in the box waits for others, or for the server: that is said, and where
// Gradio refused it because too many wait, it is asked again.
const SOON = 1500, AGAIN = 3000;  // milliseconds
const waitBar = Object.assign(document.createElement('p'), { className: 'editing', hidden: true });
let sent = '', wasEdit = false, patience = 0;
const toast = words => [...document.querySelectorAll('[data-testid="toast-body"]')].find(one => words.test(one.textContent));
const tellWait = text => {
  const box = left.querySelector('#question');
  if (waitBar.nextSibling !== box) box.before(waitBar);
  if (waitBar.textContent !== text) { waitBar.textContent = text; if (text) hear(text); }
  waitBar.hidden = !text;
};
function expectAnswer(was) {
  clearTimeout(patience);
  [sent, wasEdit] = [field().value, was];
  keepIn(UNANSWERED, sent);
  patience = setTimeout(lookWhy, SOON);
}
function lookWhy() {
  const away = toast(/connection/i);
  // Gradio says it in English, and in a corner.
  away?.style.setProperty('display', 'none');
  if (left.querySelector('#question .stop-button')) {
    tellWait(away ? say('asking.no_server') : '');
    patience = setTimeout(lookWhy, SOON);
    return;
  }
  if (!sent.trim() || field()?.value !== sent) { tellWait(''); return; }
  const busy = toast(/busy|queue/i);
  patience = setTimeout(busy ? askAgain : lookWhy, busy ? AGAIN : SOON);
  busy?.querySelector('button[aria-label="Close"], .toast-close')?.click();
  if (busy) tellWait(say('asking.too_many'));
  else if (away) tellWait(say('asking.no_server'));
  else tellWait(say('asking.others'));
}
function askAgain() {
  if (field()?.value !== sent) { tellWait(''); return; }
  editing = wasEdit;
  left.querySelector('#question .submit-button')?.click();
}

left.addEventListener('click', event => {
  const why = event.target.closest('a[href="#unsupported"]');
  if (why) {
    event.preventDefault();
    const next = why.nextElementSibling;
    if (next?.matches('.doubt')) { next.remove(); return; }
    const line = Object.assign(document.createElement('small'), { className: 'doubt', textContent: `${why.title}.` });
    line.setAttribute('role', 'status');
    why.after(line);
    return;
  }
  if (event.target.closest('.edit-question')) {
    const message = event.target.closest('.user-row').querySelector('.message-content');
    edit(asText(message, false), say('asking.takes_place'));
  }
});
left.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !editing || event.target !== field()) return;
  event.stopPropagation();
  endEditing();
  write('');
});
// What is typed survives a page that is loaded again, as it is when the server comes back; and so
// does a question whose answer had not come.
let brought = false;  // before it is back in the box, the draft is not written over
const keepDraft = () => { if (brought) keepIn(DRAFT, field()?.value ?? ''); };
left.addEventListener('input', event => { if (event.target === field()) keepDraft(); });
document.addEventListener('archive-shown', () => { if (!field()?.value) keepDraft(); });
const bringBack = tries => {
  if (!field() && tries) { setTimeout(() => bringBack(tries - 1), 100); return; }
  brought = true;
  let kept = [];
  try { kept = [UNANSWERED, DRAFT].map(key => sessionStorage.getItem(key) || ''); } catch { /* nothing kept */ }
  keepIn(UNANSWERED, '');
  const draft = [...new Set(kept.filter(Boolean))].join('\n');
  if (draft && !field()?.value) write(draft);
};
bringBack(50);

document.addEventListener('archive-shown', () => { if (!(window.archiveShown ?? []).length) endEditing(); });

new MutationObserver(tidy).observe(left, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-label'] });
tidy();
