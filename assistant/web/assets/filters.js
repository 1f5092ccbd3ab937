// The chips above the question. What is chosen is kept by this browser and goes along with every
// question, until it is cleared or the documents have it no more. Runs once when the bar is drawn; `element` and `server` are Gradio's.
const KEY = 'archive-filters';
const NOTHING = { since: '', until: '', sources: [], tags: [], document: '', title: '' };
const KINDS = [
  { key: 'dates', name: say('filters.dates'), any: say('filters.any_date') },
  { key: 'sources', name: say('filters.sources'), any: say('filters.any_source') },
  { key: 'tags', name: say('filters.tags'), any: say('filters.any_tag') },
  { key: 'document', name: say('filters.document'), any: say('filters.any_document') },
];
const MANY = 13;  // from so many names on, they can be narrowed
const chips = element.querySelector('.chips');
const pop = element.querySelector('.pop');
const narrow = matchMedia('(max-width: 800px)');
let chosen = { ...NOTHING };
let there = null;  // what can be chosen, asked for when a chip is opened
let open = '';

try { chosen = { ...NOTHING, ...JSON.parse(localStorage.getItem(KEY)) }; } catch { /* nothing kept */ }

const isSet = key => (key === 'dates' ? chosen.since || chosen.until : chosen[key].length > 0);
const made = (tag, options = {}, ...children) => {
  const one = Object.assign(document.createElement(tag), options);
  one.append(...children);
  return one;
};

// Read by the events that ask a question.
window.archiveFilters = () => (KINDS.some(({ key }) => isSet(key)) ? JSON.stringify(chosen) : '');

const label = ({ key, any }) => {
  if (!isSet(key)) return narrow.matches ? KINDS.find(kind => kind.key === key).name : any;
  if (key === 'document') return chosen.title || chosen.document;
  if (key !== 'dates') return chosen[key].length > 1 ? `${chosen[key][0]} +${chosen[key].length - 1}` : chosen[key][0];
  if (chosen.since && chosen.until) return `${chosen.since} – ${chosen.until}`;
  return chosen.since ? say('filters.from_day', { day: chosen.since }) : say('filters.until_day', { day: chosen.until });
};

const keep = () => {
  try { localStorage.setItem(KEY, JSON.stringify(chosen)); } catch { /* then it ends with the page */ }
  draw();
};

const clear = key => {
  if (key === 'dates') Object.assign(chosen, { since: '', until: '' });
  else if (key === 'document') Object.assign(chosen, { document: '', title: '' });
  else chosen[key] = [];
  keep();
};

const draw = () => {
  const focused = document.activeElement?.dataset?.kind;
  chips.replaceChildren(...KINDS.map(kind => {
    const chip = made('button', { type: 'button', className: 'chip', textContent: label(kind) });
    chip.dataset.kind = kind.key;
    chip.setAttribute('aria-expanded', String(open === kind.key));
    chip.setAttribute('aria-label', isSet(kind.key) ? `${kind.name}: ${label(kind)}` : narrow.matches ? `${kind.name}: ${kind.any}` : kind.any);
    const set = made('span', { className: isSet(kind.key) ? 'set' : '' }, chip);
    if (isSet(kind.key)) {
      const off = made('button', { type: 'button', className: 'off', textContent: '×' });
      off.dataset.clear = kind.key;
      off.setAttribute('aria-label', say('filters.clear', { what: kind.name }));
      set.append(off);
    }
    return set;
  }));
  if (KINDS.some(({ key }) => isSet(key))) chips.append(made('button', { type: 'button', className: 'all-off', textContent: say('filters.clear_all') }));
  if (focused) chips.querySelector(`[data-kind="${focused}"]`)?.focus({ preventScroll: true });
};

const shut = back => {
  const was = open;
  open = '';
  pop.hidden = true;
  pop.replaceChildren();
  draw();
  if (back && was) chips.querySelector(`[data-kind="${was}"]`)?.focus({ preventScroll: true });
};

const dates = () => {
  const wrong = made('p', { className: 'wrong' });
  wrong.setAttribute('role', 'alert');
  const field = (key, name) => {
    const input = made('input', { type: 'date', value: chosen[key], min: '0001-01-01', max: '9999-12-31' });
    input.addEventListener('change', () => {
      chosen[key] = input.value;
      const crossed = chosen.since && chosen.until && chosen.since > chosen.until;
      wrong.textContent = crossed ? say('filters.crossed_short') : '';
      keep();
    });
    return made('label', {}, name, input);
  };
  const span = there.first ? say('filters.span', { first: say.day(there.first), last: say.day(there.last) }) : say('filters.no_dates');
  return [field('since', say('filters.from')), field('until', say('filters.until')), wrong, made('p', { className: 'tip', textContent: span })];
};

const several = key => {
  const names = [...new Set([...there[key], ...chosen[key]])];
  if (!names.length) return [made('p', { className: 'tip', textContent: key === 'tags' ? say('filters.no_tags') : say('filters.no_sources') })];
  const boxes = names.map(name => {
    const input = made('input', { type: 'checkbox', checked: chosen[key].includes(name) });
    input.addEventListener('change', () => {
      chosen[key] = input.checked ? [...chosen[key], name] : chosen[key].filter(one => one !== name);
      keep();
    });
    return made('label', { className: 'box' }, input, made('span', { textContent: name }));
  });
  const list = made('div', { className: 'boxes' }, ...boxes);
  return names.length < MANY ? [list] : [finder(boxes), list];
};

// A field that leaves only the names with what is typed.
const finder = boxes => {
  const field = made('input', { type: 'search', className: 'find', placeholder: say('corpus.filter') });
  field.setAttribute('aria-label', say('corpus.filter'));
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().trim();
    for (const box of boxes) box.hidden = !box.textContent.toLowerCase().includes(words);
  });
  return field;
};

const one = () => {
  const select = made('select', {}, made('option', { value: '', textContent: say('filters.any_document') }));
  select.append(...there.documents.map(({ id, title }) => made('option', { value: id, textContent: title, selected: id === chosen.document })));
  select.addEventListener('change', () => {
    Object.assign(chosen, { document: select.value, title: select.value ? select.selectedOptions[0].textContent : '' });
    keep();
  });
  return [made('label', {}, say('filters.only_in'), select)];
};

const show = async key => {
  if (open === key) { shut(true); return; }
  open = key;
  draw();
  try {
    there = await server.filter_choices(chosen.document);
  } catch {
    there = null;
  }
  if (open !== key) return;
  const { name } = KINDS.find(kind => kind.key === key);
  const fields = !there
    ? [made('p', { className: 'wrong', textContent: say('page.no_answer') })]
    : key === 'dates' ? dates() : key === 'document' ? one() : several(key);
  const done = made('button', { type: 'button', className: 'done', textContent: say('filters.done') });
  done.addEventListener('click', () => shut(true));
  pop.replaceChildren(made('div', { className: 'fields' }, ...fields), done);
  pop.setAttribute('role', 'dialog');
  pop.setAttribute('aria-label', name);
  pop.hidden = false;
  pop.querySelector('input, select, button')?.focus({ preventScroll: true });
};

// What was kept may be of documents that are gone: that is said, and not searched for.
const dropGone = async () => {
  if (!['sources', 'tags', 'document'].some(isSet)) return;
  try { there = await server.filter_choices(chosen.document); } catch { return; }
  const gone = ['sources', 'tags'].flatMap(key => chosen[key].filter(one => !there[key].includes(one)));
  for (const key of ['sources', 'tags']) chosen[key] = chosen[key].filter(one => there[key].includes(one));
  if (chosen.document && !there.documents.some(({ id }) => id === chosen.document)) {
    gone.push(chosen.title || chosen.document);
    Object.assign(chosen, { document: '', title: '' });
  }
  if (!gone.length) return;
  keep();
  window.archiveSay?.(say('filters.gone', { what: gone.join(', ') }));
};

element.addEventListener('click', event => {
  if (event.target.matches('.all-off')) {
    chosen = { ...NOTHING };
    keep();
    shut(false);
    document.querySelector('#question textarea')?.focus({ preventScroll: true });
    return;
  }
  const { kind, clear: cleared } = event.target.closest('[data-kind], [data-clear]')?.dataset ?? {};
  if (kind) show(kind);
  if (cleared) { clear(cleared); shut(false); chips.querySelector(`[data-kind="${cleared}"]`)?.focus(); }
});
document.addEventListener('click', event => {
  if (open && !element.contains(event.target) && event.target.isConnected) shut(false);
});
// Who goes on by keyboard leaves the choices, which would cover what comes next.
element.addEventListener('focusout', event => {
  if (open && event.relatedTarget && !element.contains(event.relatedTarget)) shut(false);
});
element.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !open) return;
  event.stopPropagation();
  shut(true);
});
narrow.addEventListener('change', draw);
draw();
dropGone();
