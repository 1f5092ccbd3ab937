// Whole folders: chosen with a button, or dropped on the box for files, which takes files only.
// Their files are handed to it one by one, each called by its path in the folder. A file that is too
// large is left out here: the box would refuse all that came with it.
const MOST_FILES = 2000;
const refused = element.querySelector('.log');
const mb = Number(refused.dataset.mb);
const drop = document.getElementById('upload');
const picker = Object.assign(document.createElement('input'), { type: 'file', multiple: true, webkitdirectory: true, hidden: true });
element.append(picker);

// Files that a system keeps in folders for itself, and what is in hidden folders, are no documents.
const isPlain = path => !path.split('/').some(part => part.startsWith('.') || part === 'Thumbs.db' || part === 'desktop.ini');

const isLarge = file => file.size > mb * 1e6;

const refuse = (name, why) => {
  const line = document.createElement('li');
  line.className = 'failed';
  for (const [tag, className, text] of [['b', '', name], ['span', 'state', say('states.left_out')], ['span', 'detail', why]]) {
    line.append(Object.assign(document.createElement(tag), { className, textContent: text }));
  }
  refused.append(line);
};

const hand = files => {
  const input = drop.querySelector('input[type="file"]');
  const bag = new DataTransfer();
  const plain = files.filter(([path]) => isPlain(path));
  const right = plain.filter(([, file]) => !isLarge(file));
  refused.replaceChildren();
  for (const [path, file] of plain) if (isLarge(file)) refuse(path, say('adding.too_large', { mb }));
  if (right.length > MOST_FILES) refuse(say('adding.files'), say('adding.too_many', { n: right.length - MOST_FILES, most: MOST_FILES }));
  for (const [path, file] of right.slice(0, MOST_FILES)) {
    bag.items.add(new File([file], path, { type: file.type, lastModified: file.lastModified }));
  }
  if (!input || !bag.files.length) return;
  input.files = bag.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
};

element.addEventListener('click', event => { if (event.target.closest('.folder')) picker.click(); });
picker.addEventListener('change', () => {
  hand([...picker.files].map(file => [file.webkitRelativePath || file.name, file]));
  picker.value = '';
});

const list = async folder => {
  const reader = folder.createReader(), found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    found.push(...some);
  }
};
const walk = async entry => {
  if (entry.isFile) return [[entry.fullPath.slice(1), await new Promise((done, failed) => entry.file(done, failed))]];
  const files = [];
  for (const one of await list(entry)) {
    if (files.length < MOST_FILES) files.push(...await walk(one));
  }
  return files;
};
// Before the box hears of them.
drop.addEventListener('change', event => {
  const files = [...(event.target.files ?? [])];
  if (!files.some(isLarge)) return;
  event.stopPropagation();
  hand(files.map(file => [file.name, file]));
}, true);
drop.addEventListener('drop', event => {
  const entries = [...event.dataTransfer.items].map(one => one.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some(one => one.isDirectory) && ![...event.dataTransfer.files].some(isLarge)) return;
  event.preventDefault();
  event.stopPropagation();
  Promise.all(entries.map(walk)).then(files => hand(files.flat()), () => {});
}, true);
