// ---- what is heard of an answer, and where the keyboard goes when a button takes it along.
// Follows asking.js in one script.
// A conversation that grows by the word would be read by the word, so the list of messages itself is
// silent: each answer is told once, when it is whole, in a line that is always there.
const heard = document.body.appendChild(Object.assign(document.createElement('p'), { className: 'vh', id: 'heard' }));
heard.setAttribute('role', 'status');
const hear = text => { heard.textContent = text; };
const WHOLE = 150;  // milliseconds in which nothing of an answer changes any more
let awaited = false, seen = '', began = false, soonTold = 0;

const answering = () => left.querySelector('#question .stop-button') !== null;
const shownNow = () => `${left.querySelectorAll('#chat .user.message').length} ${[...left.querySelectorAll('#chat .bot.message')].at(-1)?.textContent ?? ''}`;

const aloud = message => {
  const copy = message.cloneNode(true);
  copy.querySelectorAll('button,form').forEach(one => one.remove());
  copy.querySelectorAll('a[href^="#cite-"]').forEach(one => one.replaceWith(` (${say('evidence.source', { n: one.textContent })}) `));
  copy.querySelectorAll('p,li,small').forEach(one => one.append(' '));
  return copy.textContent.replace(/\s+/g, ' ').trim();
};

const tellAnswer = () => {
  const message = [...left.querySelectorAll('#chat .bot.message .message-content')].at(-1);
  if (answering()) return;
  awaited = false;
  keepIn(UNANSWERED, '');
  if (message) hear(aloud(message));
};

const listen = () => {
  const log = left.querySelector('#chat [role="log"]');
  if (log && log.getAttribute('aria-live') !== 'off') log.setAttribute('aria-live', 'off');
  if (!awaited) return;
  began ||= answering() || shownNow() !== seen;
  clearTimeout(soonTold);
  if (began) soonTold = setTimeout(tellAnswer, WHOLE);
};

// Every event that asks names its run (chat.js).
const nameRun = window.archiveRun;
window.archiveRun = begins => {
  if (begins) {
    [awaited, seen, began] = [true, shownNow(), answering()];
    clearTimeout(patience);
    patience = setTimeout(lookWhy, SOON);
  } else keepIn(UNANSWERED, '');  // stopped, or left for another conversation
  return nameRun(begins);
};

// What had the focus may go: an example that was asked, a button that asks again. The keyboard then
// stands at the question, as it does after every other one.
let last = null;
const gone = one => one.disabled || !one.checkVisibility();
document.addEventListener('focusin', ({ target }) => { last = left.contains(target) ? target : null; });
document.addEventListener('pointerdown', () => { last = null; }, true);  // what is clicked may take the focus next
const keepFocus = () => {
  if (!last || !gone(last) || document.activeElement !== document.body || byThumb.matches) return;
  last = null;
  field()?.focus({ preventScroll: true });
};

new MutationObserver(() => { listen(); setTimeout(keepFocus, 60); }).observe(left, { childList: true, subtree: true, characterData: true });
listen();
