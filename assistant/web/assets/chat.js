// What Gradio's conversation lacks: names and messages that can be read aloud, and a copy that is
// plain text. Runs once; everything is looked up late, because Gradio draws the parts when it likes.
const left = document.getElementById('left');

// Which answer of which page: what is stopped is named so, and shows nothing more.
const page = [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('');
let run = 0;
window.archiveRun = begins => {
  if (begins) run += 1;
  return `${page}.${run}`;
};

// Another draw of the questions that were made of the documents.
let drawn = 0;
const moreExamples = () => {
  const list = left.querySelector('#chat .examples');
  const had = left.querySelector('#chat .more-examples');
  if (!list || list.querySelectorAll('.example').length < 3) { had?.remove(); return; }
  if (had?.previousElementSibling === list) return;
  const button = had ?? Object.assign(document.createElement('button'), { type: 'button', className: 'more-examples', textContent: say('chat.more_examples') });
  list.after(button);
};
left.addEventListener('click', event => {
  if (!event.target.closest('#chat .more-examples')) return;
  drawn += left.querySelectorAll('#chat .example').length;
  trigger('others', { begin: drawn });
});

const tidy = () => {
  // Gradio labels a message with its Markdown source; without the label its words are read.
  left.querySelectorAll('#chat [data-testid][aria-label]').forEach(one => one.removeAttribute('aria-label'));
  left.querySelectorAll('#chat .examples[role="list"]').forEach(one => {
    one.setAttribute('role', 'group');
    one.setAttribute('aria-label', say('chat.examples'));
  });
  moreExamples();
  // Gradio has these in English only.
  const named = (one, name) => { if (one && one.getAttribute('aria-label') !== name) one.setAttribute('aria-label', name); };
  named(left.querySelector('#chat [role="log"]'), say('chat.conversation'));
  left.querySelectorAll('#chat .message-buttons').forEach(row => {
    const copy = copyOf(row);
    named(copy, say('asking.copy'));
    if (copy && copy.title !== say('asking.copy')) copy.title = say('asking.copy');
  });
  left.querySelectorAll('#chat .placeholder-content[role]').forEach(one => one.removeAttribute('role'));
  left.querySelectorAll('#chat a[href^="#cite-"]:not([aria-label])').forEach(one => one.setAttribute('aria-label', one.title));
  left.querySelectorAll('#chat a[href="#unsupported"]:not([aria-label])').forEach(one => {
    one.setAttribute('aria-label', one.title);
    one.setAttribute('role', 'button');
  });
  addButtons();
  for (const [which, name] of [['submit', say('asking.send')], ['stop', say('asking.stop')]]) {
    const one = left.querySelector(`#question .${which}-button`);
    if (one && one.title !== name) { one.title = name; one.setAttribute('aria-label', name); }
  }
  offer();
};

const asText = (message, cited = true) => {
  const copy = message.cloneNode(true);
  const sources = new Set();
  copy.querySelectorAll('small').forEach(one => one.remove());
  copy.querySelectorAll('br').forEach(one => one.replaceWith('\n'));
  copy.querySelectorAll('a[href^="#cite-"]').forEach(one => {
    if (!cited) { one.previousSibling?.textContent.endsWith('\u00a0') && (one.previousSibling.textContent = one.previousSibling.textContent.slice(0, -1)); one.remove(); return; }
    sources.add(one.title.replace(/^\D*(\d+): /, '[$1] '));
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

// Gradio's own button, which would copy the answer's Markdown; it is the first one.
const copyOf = row => row.querySelector('.icon-button-wrapper > button');

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
  const button = event.target.closest('#chat .message-buttons button');
  if (!button || !(button.matches('.copy-plain') || button === copyOf(button.closest('.message-buttons')))) return;
  event.stopPropagation();
  const row = button.closest('.message-buttons').previousElementSibling;
  toClipboard(asText(row.querySelector('.message-content'), !button.matches('.copy-plain'))).then(() => {
    button.dataset.copied = say('asking.copied');
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), 1500);
  });
}, true);

// What a follow-up was completed to can be put right: the last answer is given anew then.
const SEARCHED = `${say('chat.searched')}: `;

const offer = () => {
  const busy = left.querySelector('#question .stop-button') !== null;
  const last = [...left.querySelectorAll('#chat .bot.message')].at(-1);
  left.querySelectorAll('#chat .refine').forEach(one => { if (busy || !last?.contains(one)) one.remove(); });
  const line = !busy && [...(last?.querySelectorAll('small') ?? [])].find(one => one.textContent.startsWith(SEARCHED));
  if (!line || line.querySelector('.refine') || line.nextElementSibling?.matches('form.refine')) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'refine', textContent: say('asking.edit_search') });
  button.setAttribute('aria-label', say('asking.edit_search_about'));
  line.append(' ', button);
};

const refine = button => {
  const line = button.closest('small');
  button.remove();
  const field = Object.assign(document.createElement('input'), { type: 'text', value: line.textContent.slice(SEARCHED.length).trim(), maxLength: 4000 });
  field.setAttribute('aria-label', say('asking.search_for'));
  const go = Object.assign(document.createElement('button'), { type: 'submit', textContent: say('asking.search') });
  const form = Object.assign(document.createElement('form'), { className: 'refine' });
  form.append(field, go);
  const shut = () => { form.remove(); line.hidden = false; offer(); left.querySelector('#chat button.refine')?.focus(); };
  form.addEventListener('submit', event => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    form.remove();
    line.hidden = false;
    trigger('search', { text });
  });
  form.addEventListener('keydown', event => {
    event.stopPropagation();
    if (event.key === 'Escape') shut();
  });
  line.hidden = true;
  line.after(form);
  field.select();
};

left.addEventListener('click', event => {
  const button = event.target.closest('#chat button.refine');
  if (button) refine(button);
});
