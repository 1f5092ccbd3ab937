// ---- from quote to quote, copies of a document, and the sentence that selected words came from.
// Follows evidence.js in one script.
function places() {
  return [...document.querySelectorAll(`#sources a.card`)].map(referenceOf);
}

function drawSteps() {
  const bar = element.querySelector('.ev-foot');
  if (!bar) return;
  const all = places(), at = all.indexOf(element.querySelector('.ev-read').dataset.ref);
  const steps = bar.querySelector('.steps');
  steps.hidden = at < 0 || all.length < 2;
  if (steps.hidden) return;
  steps.querySelector('.at').textContent = say('reader.place', { n: at + 1, every: all.length });
  for (const button of steps.querySelectorAll('[data-step]')) button.disabled = !all[at + Number(button.dataset.step)];
}

function step(by) {
  const all = places(), next = all[all.indexOf(wanted) + by];
  if (!next || !all.includes(wanted)) return;
  opener = document.querySelector(`#chat a[href="${HASH}${next}"]`) ?? opener;
  history.replaceState(history.state, '', withHash(HASH + next));
  open(next, []);
}

// Other versions of the same text that say it too; asked for after the quote is on the screen.
async function fillCopies() {
  const slot = element.querySelector('.copies');
  const reference = element.querySelector('.ev-read')?.dataset.ref;
  if (!slot || !reference) return;
  try {
    const html = await server.copies(reference);
    if (slot.isConnected) slot.innerHTML = html;
  } catch { /* the quote is there; the copies are only named */ }
}

element.addEventListener('click', event => {
  const button = event.target.closest('[data-step]');
  if (button) step(Number(button.dataset.step));
  if (event.target.closest('[data-link]')) {
    window.archiveCopy?.(location.href).then(() => window.archiveSay?.(say('reader.link_copied')));
  }
});
// Read by the keys of the page (help.js).
window.archiveStep = by => { if (reading()) step(by); };

// ---- words that somebody selects in an answer
const finder = document.body.appendChild(Object.assign(document.createElement('button'), { type: 'button', className: 'find-source', hidden: true }));
let found = null;

const markOf = selection => {
  if (!selection || selection.isCollapsed || !selection.toString().trim()) return null;
  const end = selection.getRangeAt(0);
  const message = end.endContainer.parentElement?.closest('#chat .bot .message-content');
  if (!message?.contains(end.startContainer)) return null;
  // The mark that ends the sentence in which the selection ends.
  return [...message.querySelectorAll(`${MARKER}, a[href="#unsupported"]`)].find(one => {
    const order = end.endContainer.compareDocumentPosition(one);
    return order & Node.DOCUMENT_POSITION_FOLLOWING || one.contains(end.endContainer);
  }) ?? null;
};

document.addEventListener('selectionchange', () => {
  const selection = document.getSelection();
  found = markOf(selection);
  finder.hidden = !found;
  if (!found) return;
  const at = selection.getRangeAt(0).getBoundingClientRect();
  finder.textContent = found.matches(MARKER) ? say('reader.show_source', { n: found.textContent }) : say('reader.why_unsupported');
  finder.style.left = `${Math.max(8, Math.min(at.left, innerWidth - finder.offsetWidth - 8))}px`;
  finder.style.top = `${Math.min(at.bottom + 8, innerHeight - 48)}px`;
});
finder.addEventListener('mousedown', event => event.preventDefault());  // which would end the selection
finder.addEventListener('click', event => {
  event.stopPropagation();
  const mark = found;
  document.getSelection().removeAllRanges();
  finder.hidden = true;
  mark?.click();
});
