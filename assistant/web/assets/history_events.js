// What a click or a key does in the list of conversations, and when the list is asked for.
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
