// The list of conversations: open, rename, export, delete, begin anew. Runs once when the bar above
// the chat is drawn; `server` and `trigger` are Gradio's. Which conversation a tab has open is kept
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

// ---- wishes
const wish = async (call, sent) => {
  try {
    return await server[call](JSON.stringify(sent));
  } catch {
    return { error: say('page.no_answer'), title: '' };
  }
};

const fresh = () => {
  setCurrent(nav ? newId() : '');
  trigger('fresh', {});
  draw();
  if (narrow.matches && isOpen()) setPanel(false, { focus: false });
  question()?.focus({ preventScroll: true });
};

const reopen = id => {
  setCurrent(id);
  trigger('reopen', { chat: id });
  draw();
  if (narrow.matches) setPanel(false);
};

const rename = (chat, host) => {
  const field = made('input', { type: 'text', className: 'rename', value: chat.title, maxLength: 120 });
  field.setAttribute('aria-label', say('history.new_title', { title: chat.title }));
  const before = [...host.childNodes];
  let done = false;
  const end = (save, back = true) => {
    if (done) return;
    done = true;
    const said = field.value.trim();
    const changed = save && said && said !== chat.title;
    host.replaceChildren(...before);
    if (changed) (known(chat.id) ?? chat).title = said;
    draw();
    const again = host.isConnected ? host.querySelector('button') : nav.querySelector(`[data-chat="${chat.id}"]`);
    if (back) again?.focus({ preventScroll: true });
    if (changed) wish('rename', { chat: chat.id, title: said }).then(async ({ error }) => { await refresh(); if (error) tell(error); });
  };
  field.addEventListener('keydown', event => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === 'Enter') { event.preventDefault(); end(true); }
    if (event.key === 'Escape') end(false);
  });
  field.addEventListener('blur', () => end(true, false));
  host.replaceChildren(field);
  field.select();
};

// What was deleted can be had back for a while; the server then deletes it, page or no page.
const UNDO = 20000;  // milliseconds, as in chats_leaving.py
const undoBar = made('div', { className: 'undo', hidden: true }, made('span'), made('button', { type: 'button', className: 'back', textContent: say('history.undo') }), made('button', { type: 'button', textContent: say('history.delete_now') }));
undoBar.querySelector('span').setAttribute('role', 'status');
undoBar.setAttribute('role', 'group');
undoBar.setAttribute('aria-label', say('history.deleted'));
document.body.append(undoBar);
let gone = null, fading = 0;

const hideUndo = () => {
  clearTimeout(fading);
  if (undoBar.contains(document.activeElement)) (isOpen() ? nav.querySelector('.open-chat') ?? nav.querySelector('.shut') : question())?.focus({ preventScroll: true });
  undoBar.hidden = true;
  gone = null;
};

const remove = async chat => {
  if (gone) hideUndo();
  const { error } = await wish('delete', { chat: chat.id });
  if (error) { tell(error); return; }
  chats = chats.filter(one => one.id !== chat.id);
  if (chat.id === current) fresh();
  draw();
  gone = chat;
  undoBar.querySelector('span').textContent = say('history.was_deleted', { title: chat.title });
  undoBar.hidden = false;
  undoBar.querySelector('button').focus({ preventScroll: true });
  fading = setTimeout(hideUndo, UNDO);
};

undoBar.addEventListener('click', async event => {
  const button = event.target.closest('button');
  if (!button || !gone) return;
  const back = button.matches('.back');
  const { id } = gone;
  const { error } = await wish(back ? 'undo' : 'delete', { chat: id, now: true });
  await refresh();
  hideUndo();
  if (error) tell(error);
  else if (back && isOpen()) nav.querySelector(`[data-chat="${id}"]`)?.focus({ preventScroll: true });
});

const copyLink = async chat => {
  const url = new URL(location.href);
  url.hash = '';
  url.searchParams.set('chat', chat.id);
  await window.archiveCopy?.(url.href);
  window.archiveSay?.(say('history.link_copied'));
};

// ---- the menu of a conversation
const shutMenu = back => {
  if (!menu) return;
  const { box, anchor } = menu;
  menu = null;
  box.remove();
  anchor.setAttribute('aria-expanded', 'false');
  if (back) anchor.focus({ preventScroll: true });
};

const showMenu = (chat, anchor, host) => {
  const again = menu?.anchor === anchor;
  shutMenu(true);
  if (again) return;
  const act = (name, work, className = '') => {
    const one = made('button', { type: 'button', textContent: name, className });
    one.addEventListener('click', () => { shutMenu(true); work(); });
    return one;
  };
  const file = (name, form) => {
    const one = made('a', { textContent: name, href: `chats/${chat.id}/${form}`, download: '' });
    one.addEventListener('click', () => setTimeout(() => shutMenu(true)));
    return one;
  };
  const box = made('div', { className: 'talk-menu' },
    act(say('history.rename'), () => rename(chat, host())),
    file(say('history.as_html'), 'html'),
    file(say('history.as_markdown'), 'markdown'),
    act(say('reader.copy_link'), () => copyLink(chat)),
    act(say('history.delete'), () => remove(chat), 'danger'));
  box.setAttribute('role', 'menu');
  box.setAttribute('aria-label', chat.title);
  for (const one of box.children) { one.setAttribute('role', 'menuitem'); one.tabIndex = -1; }
  document.body.append(box);
  const at = anchor.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${at.bottom + box.offsetHeight + 8 > innerHeight ? Math.max(8, at.top - box.offsetHeight - 4) : at.bottom + 4}px`;
  anchor.setAttribute('aria-expanded', 'true');
  menu = { box, anchor };
  box.firstChild.focus({ preventScroll: true });
  box.addEventListener('keydown', event => {
    const items = [...box.children];
    const place = items.indexOf(document.activeElement);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') { event.preventDefault(); event.stopPropagation(); shutMenu(true); }
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length].focus({ preventScroll: true });
  });
};

// ---- events
begin.hidden = false;
begin.addEventListener('click', fresh);
title.addEventListener('click', () => {
  const chat = known(current);
  if (chat) showMenu(chat, title, () => title.parentElement);
});

if (nav) {
  toggle.hidden = false;
  toggle.addEventListener('click', event => { event.stopPropagation(); setPanel(!isOpen()); });
  nav.querySelector('.find').addEventListener('input', draw);
  nav.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.classList.contains('shut')) setPanel(false);
    if (button.dataset.chat) reopen(button.dataset.chat);
    const chat = button.dataset.more && known(button.dataset.more);
    if (chat) showMenu(chat, button, () => nav.querySelector(`[data-more="${chat.id}"]`).parentElement);
  });
  nav.addEventListener('keydown', event => {
    if (event.key === 'Escape' && narrow.matches && isOpen()) { event.stopPropagation(); setPanel(false); return; }
    const to = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!to || !event.target.dataset?.chat) return;
    event.preventDefault();
    const rows = [...nav.querySelectorAll('.open-chat')];
    rows[rows.indexOf(event.target) + to]?.focus();
  });
  document.addEventListener('archive-shown', () => {
    const answers = (window.archiveShown ?? []).filter(({ id }) => id.startsWith('answer:')).map(({ id }) => id.split(':')[1]).join();
    if (answers && answers !== counted) refresh();
    counted = answers;
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
  narrow.addEventListener('change', firstPanel);
  setCurrent(linked || remembered(sessionStorage, OPEN));
  const asked = linked;
  refresh().then(() => { if (!asked || known(asked)) firstPanel(); });
}
document.addEventListener('click', event => {
  if (menu && !menu.box.contains(event.target) && !menu.anchor.contains(event.target)) shutMenu(false);
  if (nav && narrow.matches && isOpen() && !panel.contains(event.target) && !event.target.closest?.('.talk-menu, dialog') && event.target.isConnected) setPanel(false);
}, true);
