// Light or dark: the system's choice until a person makes one, which this browser then remembers.
// Runs once when the header is drawn; `element` is Gradio's name for it.
const KEY = 'archive-colours';
const button = element.querySelector('#theme');

const remembered = () => {
  try { return localStorage.getItem(KEY); } catch { return null; }
};

const wear = dark => {
  document.body.classList.toggle('dark', dark);
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  button.setAttribute('aria-pressed', String(dark));
};

wear(remembered() ? remembered() === 'dark' : document.body.classList.contains('dark'));
// Gradio sets the system's choice once more when it has drawn the page.
new MutationObserver(() => {
  const saved = remembered();
  if (saved && document.body.classList.contains('dark') !== (saved === 'dark')) wear(saved === 'dark');
}).observe(document.body, { attributes: true, attributeFilter: ['class'] });

// For the Settings tab, which writes what this browser remembers.
window.archiveColours = () => {
  const saved = remembered();
  wear(saved ? saved === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
};

// Where people sign in, they can leave too; on a phone from the Settings tab.
const { user, leaves } = document.documentElement.dataset;
window.archiveLeave = () => {
  if (leaves === undefined) return null;
  const link = Object.assign(document.createElement('a'), { className: 'sign-out', href: 'logout', textContent: say('page.sign_out') });
  link.title = say('page.signed_in', { name: user });
  return link;
};
element.querySelector('.acts').prepend(window.archiveLeave() ?? '');

button.addEventListener('click', () => {
  const dark = !document.body.classList.contains('dark');
  try { localStorage.setItem(KEY, dark ? 'dark' : 'light'); } catch { /* not remembered */ }
  wear(dark);
});
