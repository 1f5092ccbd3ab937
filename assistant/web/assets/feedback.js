// What readers say about answers: thumbs below each kept answer, and a report for each citation in
// the list beside it. Runs once; `element` and `server` are Gradio's. Gradio draws the messages
// when it likes, so the buttons are put back whenever they are missing.
const status = element.querySelector('[role="status"]');
const SVG = path => `<svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${path}"/></svg>`;
const UP = 'M7 11v9H4v-9zM7 11l4-8c1.6 0 2.5 1.2 2.2 2.7L12.5 9H18a2 2 0 0 1 2 2.4l-1.3 6.6A2.5 2.5 0 0 1 16.2 20H7';
const DOWN = 'M17 13V4h3v9zM17 13l-4 8c-1.6 0-2.5-1.2-2.2-2.7l.7-3.3H6a2 2 0 0 1-2-2.4L5.3 6A2.5 2.5 0 0 1 7.8 4H17';
const WRONG = [say('feedback.not_asked'), say('feedback.not_true'), say('feedback.old'), say('feedback.missing')];
const MISQUOTED = [say('feedback.says_else'), say('feedback.beside'), say('feedback.old')];
const verdicts = new Map();  // by turn: what was said on this page since it was loaded
const reports = new Map();   // by turn: the citations reported

const parsed = id => {
  const found = /^answer:(\d+):([a-z ]*):([\d,]*)(?::([a-z]+))?$/.exec(id);
  return found && { turn: found[1], verdict: found[2], reported: found[3].split(',').filter(Boolean), wish: found[4] };
};
const answers = () => (window.archiveShown ?? []).filter(({ role }) => role === 'assistant').map(({ id }) => parsed(id));
const verdictOf = ({ turn, verdict }) => verdicts.get(turn) ?? verdict;
const reportedIn = one => reports.get(one.turn) ?? new Set(one.reported);

const judge = async sent => {
  try {
    return (await server.judge(JSON.stringify({ chat: window.archiveChat?.() ?? '', ...sent }))).error;
  } catch {
    return say('page.no_answer');
  }
};

// A form for a comment; `send` gets the words and returns an error to show, or nothing.
const form = (label, button, send, away, reasons = []) => {
  const box = document.createElement('form');
  box.className = 'remark-form';
  const id = `remark-${Math.random().toString(36).slice(2)}`;
  box.innerHTML = `<label for="${id}"></label>${reasons.length ? '<div class="reasons"></div>' : ''}<textarea id="${id}" rows="2" maxlength="2000"></textarea>`
    + '<p class="wrong" role="alert"></p><div class="does"><button type="submit" class="send"></button><button type="button" class="cancel"></button></div>';
  box.querySelector('label').textContent = label;
  box.querySelector('.send').textContent = button;
  box.querySelector('.cancel').textContent = say('evidence.close');
  box.querySelector('.reasons')?.append(...reasons.map(reason => {
    const one = Object.assign(document.createElement('button'), { type: 'button', textContent: reason });
    one.setAttribute('aria-pressed', 'false');
    one.addEventListener('click', () => one.setAttribute('aria-pressed', String(one.getAttribute('aria-pressed') === 'false')));
    return one;
  }));
  const words = () => [...box.querySelectorAll('.reasons [aria-pressed="true"]')].map(one => `${one.textContent}.`)
    .concat(box.querySelector('textarea').value.trim()).filter(Boolean).join(' ');
  const leave = () => { box.remove(); away(); };
  box.addEventListener('submit', async event => {
    event.preventDefault();
    box.querySelector('.send').disabled = true;
    const error = await send(words());
    box.querySelector('.send').disabled = false;
    if (error) box.querySelector('.wrong').textContent = error;
    else { status.textContent = say('feedback.kept'); leave(); }
  });
  box.querySelector('.cancel').addEventListener('click', leave);
  box.addEventListener('keydown', event => {
    event.stopPropagation();
    if (event.key === 'Escape') leave();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) box.requestSubmit();
  });
  return box;
};

// ---- below the answers
const thumbs = (place, one) => {
  const said = verdictOf(one);
  const old = place.querySelector('.judge');
  if (old?.dataset.turn === one.turn && old.dataset.said === said) return;
  const bar = document.createElement('span');
  bar.className = 'judge';
  Object.assign(bar.dataset, { turn: one.turn, said });
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', say('feedback.opinion'));
  bar.innerHTML = [['good', say('feedback.good'), UP], ['bad', say('feedback.bad'), DOWN]].map(([verdict, name, path]) => `<button type="button" data-verdict="${verdict}" title="${name}" aria-label="${name}" aria-pressed="${said === verdict}">${SVG(path)}</button>`).join('');
  const focused = old?.contains(document.activeElement) && document.activeElement.dataset.verdict;
  if (old) old.replaceWith(bar);
  else place.append(bar);
  if (focused) bar.querySelector(`[data-verdict="${focused}"]`)?.focus({ preventScroll: true });
};

const decorate = () => {
  const rows = [...document.querySelectorAll('#chat .message-row.bot-row')];
  const shown = answers();
  rows.forEach((row, number) => {
    const place = row.nextElementSibling?.matches('.message-buttons-left') ? row.nextElementSibling : null;
    const one = shown.length === rows.length ? shown[number] : null;
    for (const open of [row, place].map(part => part?.querySelector('.remark-form'))) {
      if (open && open.dataset.turn !== one?.turn) open.remove();
    }
    drawWish(row, one);
    if (!place) return;
    if (one) thumbs(place, one);
    else place.querySelector('.judge')?.remove();
  });
};

document.getElementById('left').addEventListener('click', async event => {
  const button = event.target.closest('.judge [data-verdict]');
  if (!button) return;
  const { turn } = button.parentElement.dataset;
  const place = button.closest('.message-buttons-left');
  const verdict = button.getAttribute('aria-pressed') === 'true' ? '' : button.dataset.verdict;
  const error = await judge({ turn, verdict });
  if (error) { status.textContent = error; return; }
  verdicts.set(turn, verdict);
  status.textContent = verdict ? say('feedback.kept') : say('feedback.taken_back');
  decorate();
  place.querySelector('.remark-form')?.remove();
  if (!verdict) return;
  const back = () => document.querySelector(`.judge[data-turn="${turn}"] [data-verdict="${verdict}"]`)?.focus({ preventScroll: true });
  const bad = verdict === 'bad';
  const label = bad ? say('feedback.what_answer') : say('feedback.what_good');
  const box = form(label, say('feedback.send'), comment => judge({ turn, verdict, comment }), back, bad ? WRONG : []);
  box.dataset.turn = turn;
  place.append(box);
  // Praise needs no more words: whoever has some finds the box next.
  if (bad) box.querySelector('textarea').focus({ preventScroll: true });
  box.scrollIntoView({ block: 'nearest' });
});

// ---- beside the sources
const cited = reference => {
  const link = document.querySelector(`#chat .bot-row a[href="#cite-${reference}"]`);
  if (!link) return null;
  const rows = [...document.querySelectorAll('#chat .message-row.bot-row')];
  const shown = answers();
  const places = rows.map((row, number) => (row.querySelector(`a[href="#cite-${reference}"]`) ? shown[number] : null));
  return places.filter(Boolean).at(-1) ?? null;  // the server means the last one too
};

const reportable = () => {
  for (const button of document.querySelectorAll('#right button.report')) {
    const one = cited(button.dataset.ref);
    const marker = button.dataset.ref.split('.')[3];
    const done = Boolean(one) && reportedIn(one).has(marker);
    if (button.hidden !== !one) button.hidden = !one;
    if (button.getAttribute('aria-pressed') !== String(done)) button.setAttribute('aria-pressed', String(done));
    const words = done ? say('evidence.reported') : say('evidence.report');
    if (button.firstChild.textContent !== words) button.firstChild.textContent = words;
  }
};

document.getElementById('right').addEventListener('click', async event => {
  const button = event.target.closest('button.report');
  if (!button) return;
  const { ref } = button.dataset;
  const one = cited(ref);
  if (!one) return;
  const marker = ref.split('.')[3];
  const note = (verdict, comment = '') => judge({ ref, verdict, comment }).then(error => {
    if (error) return error;
    const now = new Set(reportedIn(one));
    if (verdict) now.add(marker);
    else now.delete(marker);
    reports.set(one.turn, now);
    reportable();
    return '';
  });
  const slot = button.closest('li, .ev-foot').querySelector('.report-slot');
  if (slot.firstChild) { slot.replaceChildren(); return; }
  if (button.getAttribute('aria-pressed') === 'true') {
    status.textContent = (await note('')) || say('feedback.taken_back');
    return;
  }
  slot.append(form(say('feedback.what_citation'), say('feedback.send_report'), comment => note('wrong citation', comment), () => button.focus({ preventScroll: true }), MISQUOTED));
  slot.querySelector('textarea').focus({ preventScroll: true });
  slot.scrollIntoView({ block: 'nearest' });
});

document.addEventListener('archive-shown', () => { requestAnimationFrame(decorate); requestAnimationFrame(reportable); });
new MutationObserver(decorate).observe(document.getElementById('left'), { childList: true, subtree: true });
for (const id of ['sources', 'reader']) new MutationObserver(reportable).observe(document.getElementById(id), { childList: true, subtree: true });
