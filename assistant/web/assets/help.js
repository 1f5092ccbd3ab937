
// ---- the keys of the page, and the sheet that lists them. Follows header.js in one script.
const KEYS = [
  ['?', say('keys.sheet')],
  ['/', say('keys.question')],
  ['Enter', say('keys.enter')],
  ['Shift Enter', say('keys.line')],
  ['[ and ]', say('keys.step')],
  ['N', say('history.new')],
  ['C', say('keys.conversations')],
  ['Esc', say('keys.escape')],
  ['Tab', say('keys.tab')],
];
const KEYS_OFF = 'archive-keys';
const keysOn = () => { try { return localStorage.getItem(KEYS_OFF) !== 'off'; } catch { return true; } };

const sheet = document.createElement('dialog');
sheet.className = 'ask keys';
sheet.setAttribute('aria-labelledby', 'keys-heading');
sheet.innerHTML = `<h2 id="keys-heading">${say('keys.heading')}</h2><dl></dl>`
  + `<label><input type="checkbox"> ${say('keys.single')}</label>`
  + `<div class="does"><button type="button">${say('evidence.close')}</button></div>`;
sheet.querySelector('dl').append(...KEYS.flatMap(([keys, what]) => {
  const term = document.createElement('dt');
  term.append(...keys.split(/ (and )?/).filter(Boolean).map(key => (key === 'and ' ? ' ' : Object.assign(document.createElement('kbd'), { textContent: key }))));
  return [term, Object.assign(document.createElement('dd'), { textContent: what })];
}));
const single = sheet.querySelector('input');
single.addEventListener('change', () => { try { localStorage.setItem(KEYS_OFF, single.checked ? 'on' : 'off'); } catch { /* until the page is left */ } });
sheet.querySelector('button').addEventListener('click', () => sheet.close());
sheet.addEventListener('click', event => { if (event.target === sheet) sheet.close(); });
document.body.append(sheet);

const showKeys = () => { single.checked = keysOn(); sheet.showModal(); };
element.querySelector('#keys').addEventListener('click', showKeys);

const press = id => { const one = document.getElementById(id); if (one && !one.hidden && one.offsetParent) one.click(); };
const DOES = {
  '?': showKeys,
  '/': () => document.querySelector('#question textarea')?.focus(),
  '[': () => window.archiveStep?.(-1),
  ']': () => window.archiveStep?.(1),
  n: () => press('talk-new'),
  c: () => press('history-toggle'),
};
document.addEventListener('keydown', event => {
  const { target } = event;
  const typing = target.matches?.('input, textarea, select, [contenteditable="true"]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const act = DOES[event.key.length === 1 ? event.key.toLowerCase() : ''];
  if (!act || !keysOn() || document.querySelector('dialog[open], [role="menu"]')) return;
  event.preventDefault();
  act();
});

// Gradio's upload box has a name that leaves out what it says.
new MutationObserver(() => {
  for (const one of document.querySelectorAll('#upload button[aria-label^="Click to"]')) one.removeAttribute('aria-label');
}).observe(document.body, { childList: true, subtree: true });
