// What Gradio's conversation lacks: names and messages that can be read aloud, and a copy that is
// plain text. Runs once; everything is looked up late, because Gradio draws the parts when it likes.
const left = document.getElementById('left');

const tidy = () => {
  // Gradio labels a message with its Markdown source; without the label its words are read.
  left.querySelectorAll('#chat [data-testid][aria-label]').forEach(one => one.removeAttribute('aria-label'));
  left.querySelectorAll('#chat .examples[role="list"]').forEach(one => {
    one.setAttribute('role', 'group');
    one.setAttribute('aria-label', 'Example questions');
  });
  left.querySelectorAll('#chat .placeholder-content[role]').forEach(one => one.removeAttribute('role'));
  left.querySelectorAll('#chat a[href^="#cite-"]:not([aria-label])').forEach(one => one.setAttribute('aria-label', one.title));
  left.querySelectorAll('#chat a[href="#unsupported"]:not([aria-label])').forEach(one => {
    one.setAttribute('aria-label', one.title);
    one.setAttribute('role', 'button');
  });
  addButtons();
  // While the answer grows, a screen reader waits for the whole of it.
  const log = left.querySelector('#chat [role="log"]');
  const busy = String(left.querySelector('#question .stop-button') !== null);
  if (log && log.getAttribute('aria-busy') !== busy) log.setAttribute('aria-busy', busy);
};

const asText = (message, cited = true) => {
  const copy = message.cloneNode(true);
  const sources = new Set();
  copy.querySelectorAll('small').forEach(one => one.remove());
  copy.querySelectorAll('br').forEach(one => one.replaceWith('\n'));
  copy.querySelectorAll('a[href^="#cite-"]').forEach(one => {
    if (!cited) { one.previousSibling?.textContent.endsWith('\u00a0') && (one.previousSibling.textContent = one.previousSibling.textContent.slice(0, -1)); one.remove(); return; }
    sources.add(one.title.replace(/^Source (\d+): /, '[$1] '));
    one.replaceWith(`[${one.textContent}]`);
  });
  copy.querySelectorAll('a[href="#unsupported"]').forEach(one => one.replaceWith('[?]'));
  const blocks = [...copy.querySelectorAll('p')].map(one => one.textContent.trim().replaceAll('\u00a0', ' '));
  return [...blocks.filter(Boolean), [...sources].join('\n')].filter(Boolean).join('\n\n');
};

const toClipboard = async text => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.body.appendChild(Object.assign(document.createElement('textarea'), { value: text }));
  field.select();
  document.execCommand('copy');  // the only way on a page that is not served over https
  field.remove();
};

window.archiveCopy = toClipboard;
const said = document.body.appendChild(Object.assign(document.createElement('p'), { className: 'toast' }));
said.setAttribute('role', 'status');
let saying = 0;
// Says a sentence to everybody for a while, at the foot of the page.
window.archiveSay = text => {
  clearTimeout(saying);
  said.textContent = text;
  saying = setTimeout(() => { said.textContent = ''; }, 6000);
};

left.addEventListener('click', event => {
  const button = event.target.closest('#chat button[aria-label="Copy message"], #chat .copy-plain');
  if (!button) return;
  event.stopPropagation();
  const row = button.closest('.message-buttons').previousElementSibling;
  toClipboard(asText(row.querySelector('.message-content'), !button.matches('.copy-plain'))).then(() => {
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), 1500);
  });
}, true);
