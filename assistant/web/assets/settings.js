// The Settings tab. What is chosen is this browser's and goes along with every question (wishes.js).
element.classList.add('settings');
const body = element.querySelector('.offered-wait').parentElement;
const one = id => body.querySelector(`#set-${id}`);
let looked = 0;

const store = {
  get: key => { try { return localStorage.getItem(key) || ''; } catch { return ''; } },
  set: (key, value) => { try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch { /* until the page is left */ } },
};

const fill = () => {
  const wishes = window.archiveWishes.all();
  one('llm').value = wishes.llm ?? '';
  if (one('llm').selectedIndex < 0) one('llm').value = '';
  one('quotes').value = wishes.quotes ?? '';
  one('colours').value = store.get('archive-colours');
  one('keys').checked = store.get('archive-keys') !== 'off';
};

// For phones, whose header has no room for it.
const offerLeave = () => {
  const link = window.archiveLeave();
  if (!link) return;
  const [name, place] = ['span', 'span'].map(tag => document.createElement(tag));
  name.textContent = link.title;
  place.append(link);
  one('language').closest('.rows').prepend(name, place);
};

// Where the documents are is told to who looks after them.
const tellPlaces = async () => {
  const { user, looksAfter } = document.documentElement.dataset;
  if (user !== undefined && looksAfter === undefined) return;
  body.querySelector('[data-places]').innerHTML = await server.answer('{"act": "places"}');
};

const look = async () => {
  looked = Date.now();
  try {
    body.innerHTML = await server.answer('{"act": "look"}');
    fill();
    offerLeave();
    await tellPlaces();
  } catch {
    body.textContent = say('page.trying_again');
    setTimeout(look, 3000);
  }
};

// A backup that was made is one to download, and takes room.
const backedUp = async () => {
  const drawn = Object.assign(document.createElement('div'), { innerHTML: await server.answer('{"act": "backups"}') });
  for (const part of drawn.querySelectorAll('[data-backups], [data-storage]')) {
    const name = 'backups' in part.dataset ? '[data-backups]' : '[data-storage]';
    body.querySelector(name)?.replaceWith(part);
  }
};

const act = async (button, wish) => {
  const said = body.querySelector(`[data-said="${wish.act}"]`);
  button.disabled = true;
  said.textContent = say('page.moment');
  try {
    said.innerHTML = await server.answer(JSON.stringify(wish));
  } catch {
    said.textContent = say('page.no_answer');
  }
  if (wish.act === 'backup') await backedUp().catch(() => {});
  button.disabled = false;
  button.focus({ preventScroll: true });
};

element.addEventListener('click', event => {
  const button = event.target.closest('[data-act]');
  if (button?.dataset.act === 'try') act(button, { act: 'try', llm: one('llm').selectedOptions[0].dataset.name });
  if (button?.dataset.act === 'backup') act(button, { act: 'backup' });
});
element.addEventListener('change', ({ target }) => {
  if (target === one('llm')) { window.archiveWishes.set('llm', target.value); body.querySelector('[data-said="try"]').textContent = ''; }
  if (target === one('language')) {
    document.cookie = `archive-language=${target.value}; path=/; max-age=${400 * 24 * 3600}; samesite=lax`;
    location.reload();
  }
  if (target === one('quotes')) window.archiveWishes.set('quotes', Number(target.value) || '');
  if (target === one('colours')) { store.set('archive-colours', target.value); window.archiveColours(); }
  if (target === one('keys')) store.set('archive-keys', target.checked ? '' : 'off');
});
new IntersectionObserver(entries => {
  if (entries.at(-1).isIntersecting && Date.now() - looked > 1500) look();
}).observe(element);
look();
