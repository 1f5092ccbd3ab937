// The list of conversations: what it shows, and its panel. `history_change.js`, `history_undo.js`,
// `history_menu.js` and `history_events.js` follow it in one function, which runs once when the bar
// above the chat is drawn; `server` and `trigger` are Gradio's. Which conversation a tab has open is kept
// in the tab; the conversations themselves are on the server, for the browser with their cookie.
const OPEN = 'archive-chat', PANEL = 'archive-history';
const panel = document.getElementById('history');  // none where conversations are not kept
const nav = panel?.querySelector('.history');
const toggle = document.getElementById('history-toggle');
const title = document.getElementById('talk-title');
const begin = document.getElementById('talk-new');
const narrow = matchMedia('(max-width: 800px)');
const wide = matchMedia('(min-width: 1200px)');
const MANY = 8;  // from so many on, the list can be searched
let chats = [];
let counted = '';  // the answers shown when the list was last asked for
let current = '';
let menu = null;
let early = false;  // the panel took the focus before the list had come
let linked = new URL(location.href).searchParams.get('chat') ?? '';  // what the address asked for

const remembered = (store, key) => { try { return store.getItem(key) || ''; } catch { return ''; } };
const remember = (store, key, value) => { try { store.setItem(key, value); } catch { /* ends with the page */ } };
const made = (tag, options = {}, ...children) => {
  const one = Object.assign(document.createElement(tag), options);
  one.append(...children);
  return one;
};
const icon = path => {
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({ width: 18, height: 18, viewBox: '0 0 24 24', fill: 'currentColor', 'aria-hidden': 'true' })) drawn.setAttribute(name, value);
  drawn.innerHTML = path;
  return drawn;
};
const DOTS = '<circle cx="5" cy="12" r="1.7"/><circle cx="12" cy="12" r="1.7"/><circle cx="19" cy="12" r="1.7"/>';
const question = () => document.querySelector('#question textarea');
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('');
const known = id => chats.find(one => one.id === id);

// Read by the events that ask a question.
window.archiveChat = () => {
  if (nav && !current) setCurrent(newId());
  return current;
};

// The address names the conversation, so that it can be kept and opened again.
const address = () => {
  const url = new URL(location.href);
  if (known(current)) url.searchParams.set('chat', current);
  else url.searchParams.delete('chat');
  if (url.href !== location.href) history.replaceState(history.state, '', url);
};

const setCurrent = id => {
  current = id;
  remember(sessionStorage, OPEN, id);
};

// ---- the panel
const isOpen = () => panel?.classList.contains('open');

const setPanel = (open, { keep = true, focus = true } = {}) => {
  const was = isOpen();
  panel.classList.toggle('open', open);
  toggle.setAttribute('aria-expanded', String(open));
  toggle.setAttribute('aria-label', open ? say('history.hide') : say('history.show'));
  for (const id of ['left', 'right']) document.getElementById(id).inert = open && narrow.matches;
  if (keep && !narrow.matches) remember(localStorage, PANEL, open ? 'open' : 'shut');
  if (!focus || was === open) return;
  const target = () => (open ? nav.querySelector('[aria-current]') ?? nav.querySelector('.shut') : toggle);
  // After the frame that makes it visible, as what is hidden can't take the focus; and again where a
  // busy page has let it fall meanwhile.
  const land = tries => {
    if (isOpen() !== open) return;
    target().focus({ preventScroll: true });
    early = open && !nav.querySelector('[aria-current]');
    if (tries) setTimeout(() => { if (document.activeElement === document.body) land(tries - 1); }, 120);
  };
  setTimeout(() => land(8), 30);
};

// Who has gone on from there is not called back.
nav?.querySelector('.shut').addEventListener('blur', () => { early = false; });

const firstPanel = () => {
  const said = remembered(localStorage, PANEL);
  setPanel(!narrow.matches && (said ? said === 'open' : wide.matches && chats.length > 0), { keep: false, focus: false });
};

// ---- what is shown
const group = changed => {
  const day = when => new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
  const when = new Date(changed);
  const days = Math.round((day(new Date()) - day(when)) / 86_400_000);
  if (days <= 0) return say('history.today');
  if (days === 1) return say('history.yesterday');
  if (days <= 7) return say('history.week');
  if (days <= 30) return say('history.month');
  return when.toLocaleDateString(document.documentElement.lang, { month: 'long', year: 'numeric' });
};

const row = chat => {
  const open = made('button', { type: 'button', className: 'open-chat', title: chat.title, textContent: chat.title });
  open.dataset.chat = chat.id;
  if (chat.id === current) open.setAttribute('aria-current', 'true');
  const more = made('button', { type: 'button', className: 'more' }, icon(DOTS));
  more.dataset.more = chat.id;
  more.setAttribute('aria-label', say('history.more', { title: chat.title }));
  more.setAttribute('aria-haspopup', 'menu');
  more.setAttribute('aria-expanded', 'false');
  return made('li', {}, open, more);
};

const draw = () => {
  const here = chats.find(one => one.id === current);
  title.hidden = !here;
  title.firstElementChild.textContent = here?.title ?? '';
  if (nav && !linked) address();
  if (here) title.setAttribute('aria-label', say('history.title_menu', { title: here.title }));
  if (!nav || nav.querySelector('.rename')) return;
  const focused = document.activeElement?.dataset ?? {};
  const find = nav.querySelector('.find');
  find.hidden = chats.length < MANY;
  const words = find.hidden ? [] : find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = chats.filter(one => words.every(word => one.title.toLowerCase().includes(word)));
  const groups = Map.groupBy ? Map.groupBy(fitting, one => group(one.changed)) : new Map([['', fitting]]);
  const parts = [...groups].map(([name, rows]) => made('section', {}, made('h3', { textContent: name }), made('ul', {}, ...rows.map(row))));
  const untold = !nav.querySelector('.remark')?.textContent;
  if (!parts.length && (words.length || untold)) parts.push(made('p', { className: 'none', textContent: words.length ? say('history.no_match') : say('history.empty') }));
  nav.querySelector('.list').replaceChildren(...parts);
  const again = focused.chat ? `[data-chat="${focused.chat}"]` : focused.more ? `[data-more="${focused.more}"]` : '';
  const late = early && document.activeElement === nav.querySelector('.shut') && nav.querySelector('[aria-current]');
  if (late) early = false;
  const takes = late || (again && nav.querySelector(again));
  if (takes) takes.focus({ preventScroll: true });
};

const tell = said => {
  const line = nav?.querySelector('.remark');
  if (!line) return;
  line.textContent = said;
  line.hidden = !said;
};

const refresh = async () => {
  if (!nav) return;
  try {
    const found = await server.chats(null);
    chats = found.chats;
    tell(found.remark);
    if (linked && !known(linked)) {
      setCurrent('');
      if (!found.remark) tell(say('history.not_here'));
      setPanel(true, { keep: false, focus: false });
    }
    linked = '';
  } catch { /* the server is away; the chat says so */ }
  draw();
};
