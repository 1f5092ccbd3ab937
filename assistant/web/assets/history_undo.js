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
