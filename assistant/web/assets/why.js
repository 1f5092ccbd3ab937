// "Why this passage?" and "Why not another document?" in the list of sources. They are worked out
// on the server when they are asked for. Runs once when the list is drawn; `element` and `server`
// are Gradio's. What an answer was asked with is kept for this tab, for when it is opened again.
const KEY = 'archive-asked';
let memory = {};
try { memory = JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { /* nothing kept */ }

const referenceOf = card => card.getAttribute('href')?.slice('#cite-'.length) ?? '';
const listed = () => [...element.querySelectorAll('.ev-list a.card')];
const asked = () => element.querySelector('.ev-list')?.dataset.asked
  || memory[listed().map(referenceOf).join(' ')] || '';

const remember = () => {
  const list = element.querySelector('.ev-list');
  if (!list) return;
  const key = listed().map(referenceOf).join(' ');
  if (list.dataset.asked && memory[key] !== list.dataset.asked) {
    memory = Object.fromEntries([...Object.entries(memory), [key, list.dataset.asked]].slice(-50));
    try { sessionStorage.setItem(KEY, JSON.stringify(memory)); } catch { /* then only this page knows */ }
  }
  // Without its question, an older answer's passages cannot be explained.
  for (const one of list.querySelectorAll('.why, .why-not')) one.hidden = !asked();
};

const fill = async (slot, work) => {
  slot.innerHTML = `<p class="why-note">${say('why.working')}</p>`;
  try {
    slot.innerHTML = await work();
  } catch {
    slot.innerHTML = `<p class="why-note" role="alert">${say('page.no_answer')}</p>`;
  }
};

element.addEventListener('click', async event => {
  const button = event.target.closest('button.why');
  if (!button) return;
  const slot = button.closest('li').querySelector('.why-slot');
  const show = button.getAttribute('aria-expanded') === 'false';
  button.setAttribute('aria-expanded', String(show));
  slot.hidden = !show;
  if (show && !slot.firstChild) {
    await fill(slot, () => server.why(JSON.stringify({ ref: button.dataset.ref, asked: asked() })));
  }
});

element.addEventListener('toggle', async event => {
  const part = event.target;
  if (!part.matches?.('details.why-not') || !part.open) return;
  const select = part.querySelector('select');
  if (select.options.length > 1) return;
  try {
    const { documents } = await server.filter_choices();
    for (const { id, title } of documents) select.append(new Option(title, id));
  } catch {
    part.querySelector('.why-slot').innerHTML = `<p class="why-note" role="alert">${say('page.no_answer')}</p>`;
  }
}, true);

element.addEventListener('change', event => {
  const select = event.target.closest('details.why-not select');
  if (!select?.value) return;
  const slot = select.closest('details').querySelector('.why-slot');
  fill(slot, () => server.why_not(JSON.stringify({ document: select.value, asked: asked() })));
});

new MutationObserver(remember).observe(element, { childList: true, subtree: true });
remember();
