// The menu of a conversation.
const copyLink = async chat => {
  const url = new URL(location.href);
  url.hash = '';
  url.searchParams.set('chat', chat.id);
  await window.archiveCopy?.(url.href);
  window.archiveSay?.(say('history.link_copied'));
};

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
