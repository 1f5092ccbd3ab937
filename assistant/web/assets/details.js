// A document's panel: opens beside the table (over everything on a phone), sends its form, and
// gives the focus back when it closes. `element`, `props`, `trigger` and `watch` are Gradio's.
const tab = document.getElementById('tab-corpus');
const page = document.getElementById('corpus-page');
const PATIENCE = 5000;

let opener = null; // the button that gets the focus back
let wanted = '';   // the document that is, or is about to be, shown
let place = 0;     // how far the panel was scrolled when something was done in it

const drafts = new Map(); // what was typed and not saved yet, by document

const shown = () => element.querySelector('.details')?.dataset.document ?? '';
const scroller = () => element.querySelector('.body');
const isOpen = () => page.classList.contains('detailed');

const fields = () => [...element.querySelectorAll('input[data-was]')];

// The panel is drawn anew whenever something is done in it: what was typed must outlast that.
const remember = () => {
  const typed = fields().filter(one => one.value !== one.dataset.was);
  if (typed.length) drafts.set(shown(), new Map(typed.map(one => [one.name, one.value])));
  else if (fields().length) drafts.delete(shown());
};

// Gradio keeps the elements of the panel that was there before, and with them what was typed.
const recall = () => {
  const typed = drafts.get(shown());
  for (const one of fields()) one.value = typed?.get(one.name) ?? one.getAttribute('value');
  for (const box of element.querySelectorAll('input[name="confirm"]')) box.checked = false;
  const { user, curates } = document.documentElement.dataset;
  if (user !== undefined && curates === undefined) for (const one of fields()) one.readOnly = true;
};

const open = id => {
  remember();
  wanted = id;
  place = 0;
  trigger('open', { id });
};

const close = () => {
  remember();
  page.classList.remove('detailed');
  wanted = '';
  if (props.value) props.value = '';
  mark();
  // The table may have been drawn anew since: its button of the same document is as good.
  const same = opener && tab.querySelector(`#corpus [data-open="${CSS.escape(opener.dataset.open)}"]`);
  const back = opener?.isConnected ? opener : same;
  (back ?? tab.querySelector('#filter textarea, #filter input'))?.focus();
};

const mark = () => {
  for (const row of tab.querySelectorAll('tr[data-document]')) {
    const here = wanted !== '' && row.dataset.document === wanted;
    row.classList.toggle('open', here);
    const button = row.querySelector('[data-open]');
    if (here) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
};

const busy = button => {
  place = scroller()?.scrollTop ?? 0;
  if (button.dataset.busy) button.textContent = button.dataset.busy;
  button.disabled = true;
};

// True once the person has said so twice; buttons that don't ask are sure at once.
const sure = button => {
  const { confirm: question, armed } = button.dataset;
  if (!question || armed) return true;
  const said = button.textContent;
  button.dataset.armed = 'yes';
  button.textContent = question;
  setTimeout(() => {
    if (!button.isConnected || button.disabled) return;
    delete button.dataset.armed;
    button.textContent = said;
  }, PATIENCE);
  return false;
};

const act = button => {
  const id = shown();
  const { act: what, part, from } = button.dataset;
  if (what === 'close') return close();
  if (!sure(button)) return;
  remember();
  busy(button);
  if (what === 'details') trigger('open', { id });
  else if (what === 'parts') trigger('open', { id, all: true });
  else if (what === 'read') { place = 0; trigger('read', { id, from: Number(from ?? 0) }); }
  else if (what === 'restore') trigger('restore', { id, part });
  else if (what === 'take-out') trigger('take_out', { id, part });
  else if (what === 'release') { place = 0; trigger('release', { id }); }
};

element.addEventListener('click', event => {
  const button = event.target.closest('button[data-act]');
  if (button) act(button);
});

element.addEventListener('submit', event => {
  event.preventDefault();
  const values = {}, was = {}, confirmed = [];
  for (const field of fields()) {
    values[field.name] = field.value;
    was[field.name] = field.dataset.was;
  }
  for (const box of event.target.querySelectorAll('input[name="confirm"]:checked')) confirmed.push(box.value);
  busy(event.target.querySelector('[type="submit"]'));
  place = 0;
  drafts.delete(shown());
  trigger('save', { id: shown(), values, was, confirmed });
});

tab.addEventListener('click', event => {
  const button = event.target.closest('[data-open]');
  const row = event.target.closest('tr[data-document]');
  if (button) {
    if (!element.contains(button)) opener = button;
    open(button.dataset.open);
  } else if (row && !event.target.closest('button, a, input') && getSelection().isCollapsed) {
    opener = row.querySelector('[data-open]');
    open(row.dataset.document);
  }
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.isComposing && isOpen() && tab.offsetParent !== null) {
    event.preventDefault();
    close();
  }
});

document.addEventListener('archive-removed', event => {
  drafts.delete(event.detail);
  if (event.detail === wanted) { wanted = ''; page.classList.remove('detailed'); props.value = ''; }
});

watch('value', () => {
  const panel = element.querySelector('.details');
  page.classList.toggle('detailed', panel !== null);
  if (!panel) return;
  wanted = shown() || wanted;
  recall();
  mark();
  const body = scroller();
  if (body) body.scrollTop = place;
  // After the frame that makes the panel visible: what is hidden can't take the focus.
  setTimeout(() => {
    const target = panel.querySelector('[data-focus]') ?? panel.querySelector('.notice') ?? panel.querySelector('h2');
    if (target.tagName === 'P') target.tabIndex = -1;
    target.focus({ preventScroll: target.tagName !== 'INPUT' });
  }, 30);
});

document.addEventListener('archive-table', mark);
