// Whole folders: chosen with a button, or dropped on the box for files, which takes files only.
// Their files are handed to it one by one, each called by its path in the folder.
const MOST_FILES = 2000;
const drop = document.getElementById('upload');
const picker = Object.assign(document.createElement('input'), { type: 'file', multiple: true, webkitdirectory: true, hidden: true });
element.append(picker);

// Files that a system keeps in folders for itself, and what is in hidden folders, are no documents.
const isPlain = path => !path.split('/').some(part => part.startsWith('.') || part === 'Thumbs.db' || part === 'desktop.ini');

const hand = files => {
  const input = drop.querySelector('input[type="file"]');
  const bag = new DataTransfer();
  for (const [path, file] of files.filter(([path]) => isPlain(path)).slice(0, MOST_FILES)) {
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
drop.addEventListener('drop', event => {
  const entries = [...event.dataTransfer.items].map(one => one.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some(one => one.isDirectory)) return;
  event.preventDefault();
  event.stopPropagation();
  Promise.all(entries.map(walk)).then(files => hand(files.flat()), () => {});
}, true);
