// The Evals tab: asks the server for what it shows, starts and stops runs, narrows the cases.
// Runs once when the tab is first shown; `element` and `server` are the page's.
const POLL = 700, STALE = 1500;  // milliseconds
let suite = '', pair = {}, timer = 0, looked = 0, narrowed = { words: '', stage: '' };

element.classList.add('evals');
const body = element.querySelector('.offered-wait').parentElement;
const AWAY = `%%evals.away%%`, COUNT = `%%evals.finder.count%%`;  // put into words as the page leaves

const ask = async wish => server.answer(JSON.stringify(wish));

const say = text => {
  const old = body.querySelector('.run');
  const line = Object.assign(document.createElement('p'), { textContent: text });
  line.setAttribute('role', 'alert');
  if (old) old.replaceChildren(line);
  else body.replaceChildren(line);
};

const narrow = () => {
  const part = body.querySelector('.failing');
  const words = part?.querySelector('input'), stage = part?.querySelector('select');
  if (!words) return;
  narrowed = { words: words.value, stage: stage.value };
  const wanted = words.value.trim().toLowerCase();
  const cases = [...part.querySelectorAll('details.case')];
  let shown = 0;
  for (const one of cases) {
    const right = ['', 'failed'].includes(stage.value) || one.dataset.stage === stage.value;
    one.hidden = !(right && one.textContent.toLowerCase().includes(wanted));
    shown += one.hidden ? 0 : 1;
  }
  part.querySelector('.count').textContent = COUNT.replace('{shown}', shown).replace('{all}', cases.length);
};

const look = async focus => {
  looked = Date.now();
  clearTimeout(timer);
  try {
    body.innerHTML = await ask({ act: 'look', suite, ...pair });
  } catch {
    say(AWAY);
    timer = setTimeout(look, 3000);
    return;
  }
  suite = body.querySelector('[data-suite]')?.value ?? '';
  const find = body.querySelector('.failing input');
  if (find) {
    find.value = narrowed.words;
    body.querySelector('.failing select').value = narrowed.stage;
    if (body.querySelector('.failing select').selectedIndex < 0) body.querySelector('.failing select').value = '';
    narrow();
  }
  if (focus) body.querySelector(focus)?.focus({ preventScroll: true });
  goOn();
};

// While a run is under way, only its line is drawn anew, so that nothing that is read moves.
const goOn = () => {
  const running = Boolean(body.querySelector('.run[data-running]'));
  const button = body.querySelector('[data-act="run"]');
  if (button) button.disabled = running || !body.querySelector('[data-suite] option');
  if (running) timer = setTimeout(() => step({ act: 'progress' }), POLL);
};

const step = async wish => {
  clearTimeout(timer);
  const was = Boolean(body.querySelector('.run[data-running]'));
  const stopping = document.activeElement?.dataset.act === 'stop';
  let html;
  try {
    html = await ask(wish);
  } catch {
    say(AWAY);
    timer = setTimeout(() => step({ act: 'progress' }), 3000);
    return;
  }
  const line = body.querySelector('.run');
  if (!line) return;
  line.outerHTML = html;
  if (!body.querySelector('.run')) { look(); return; }
  if (stopping) body.querySelector('[data-act="stop"]')?.focus({ preventScroll: true });
  const ended = Boolean(body.querySelector('.run[data-ended]'));
  if (ended && (was || wish.act === 'progress')) look(stopping || document.activeElement === document.body ? '[data-act="run"]' : '');
  else goOn();
};

element.addEventListener('click', event => {
  const button = event.target.closest('[data-act]');
  if (!button) return;
  if (button.dataset.act === 'run') { pair = {}; button.disabled = true; step({ act: 'run', suite }); }
  else { button.disabled = true; step({ act: 'stop' }); }
});
element.addEventListener('input', event => { if (event.target.matches('.failing input')) narrow(); });
element.addEventListener('change', event => {
  const select = event.target;
  if (select.matches('.failing select')) narrow();
  else if (select.matches('[data-suite]')) { suite = select.value; pair = {}; look('[data-suite]'); }
  else if (select.dataset.pair) {
    pair = Object.fromEntries([...body.querySelectorAll('[data-pair]')].map(one => [one.dataset.pair, one.value]));
    look(`[data-pair="${select.dataset.pair}"]`);
  }
});

// The tab is shown again: there may be news.
new IntersectionObserver(entries => {
  const reading = body.querySelector('details[open]');
  if (entries.at(-1).isIntersecting && !reading && Date.now() - looked > STALE) look();
}).observe(element);
look();
