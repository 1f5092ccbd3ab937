// On a phone the adding area stands above the list, folded until somebody wants it.
const fold = element.querySelector('button');
fold.addEventListener('click', () => {
  const open = document.getElementById('adding').classList.toggle('unfolded');
  fold.setAttribute('aria-expanded', String(open));
});
