// Begin a conversation, open one again, and rename one (see `history.js`).
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
