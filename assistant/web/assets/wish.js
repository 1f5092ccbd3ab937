// ---- below a declined answer: ask the curators for documents
const wishStates = new Map();  // by turn: what became of it on this page since it was loaded
const WISH = {
  declined: ['', say('wanted.ask')],
  open: [say('wanted.asked'), say('wanted.take_back')],
  done: [say('wanted.seen'), ''],
};

const sendWish = async sent => {
  try {
    return (await server.wish(JSON.stringify({ chat: window.archiveChat?.() ?? '', ...sent }))).error;
  } catch {
    return say('page.no_answer');
  }
};

const drawWish = (row, one) => {
  const state = one?.wish ? wishStates.get(one.turn) ?? one.wish : '';
  const old = row.querySelector('.wish');
  if (old?.dataset.turn === one?.turn && old?.dataset.state === state) return;
  if (!state) { old?.remove(); return; }
  const box = document.createElement('div');
  box.className = 'wish';
  Object.assign(box.dataset, { turn: one.turn, state });
  const [said, does] = WISH[state];
  if (said) box.append(Object.assign(document.createElement('span'), { textContent: said }));
  if (does) box.append(Object.assign(document.createElement('button'), { type: 'button', textContent: does }));
  if (old) old.replaceWith(box);
  else row.querySelector('.flex-wrap')?.append(box);
};

const focusWish = turn => document.querySelector(`.wish[data-turn="${turn}"] button`)?.focus({ preventScroll: true });

document.getElementById('left').addEventListener('click', async event => {
  const button = event.target.closest('.wish button');
  if (!button) return;
  const { turn, state } = button.parentElement.dataset;
  const row = button.closest('.message-row');
  const become = next => { wishStates.set(turn, next); decorate(); focusWish(turn); };
  if (state === 'open') {
    button.disabled = true;
    const error = await sendWish({ turn, back: true });
    button.disabled = false;
    status.textContent = error || say('feedback.taken_back');
    if (!error) become('declined');
    return;
  }
  if (row.querySelector('.remark-form')) return;
  const send = comment => sendWish({ turn, comment }).then(error => { if (!error) wishStates.set(turn, 'open'); return error; });
  const box = form(say('wanted.what'), say('wanted.send'), send, () => { decorate(); focusWish(turn); });
  box.dataset.turn = turn;
  row.querySelector('.flex-wrap').append(box);
  box.querySelector('textarea').focus({ preventScroll: true });
  box.scrollIntoView({ block: 'nearest' });
});
decorate();
