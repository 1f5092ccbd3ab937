// The table: sort, show more, and "Remove", which asks once more before it removes.
// `element`, `trigger` and `watch` are Gradio's.
const PATIENCE = 5000;
let focused = '';  // what gets the focus back when the table is drawn anew

const disarm = button => {
  if (!button.isConnected || button.disabled) return;
  delete button.dataset.armed;
  button.textContent = say('corpus.remove');
};

const remove = button => {
  if (button.dataset.armed) {
    button.disabled = true;
    button.textContent = say('corpus.removing');
    focused = '.notice';
    trigger('remove', { id: button.dataset.remove });
    document.dispatchEvent(new CustomEvent('archive-removed', { detail: button.dataset.remove }));
    return;
  }
  button.dataset.armed = 'yes';
  button.textContent = say('corpus.really_remove');
  setTimeout(disarm, PATIENCE, button);
};

element.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.remove) return remove(button);
  if (button.dataset.bringBack) {
    button.disabled = true;
    focused = '.notice';
    trigger('bring_back', { token: button.dataset.bringBack });
  }
  if (button.dataset.turn) {
    focused = '[data-turn]';
    trigger('sort', { by: button.dataset.turn });
  }
  if (button.dataset.sort) {
    focused = `[data-sort="${button.dataset.sort}"]`;
    trigger('sort', { by: button.dataset.sort });
  } else if ('more' in button.dataset) {
    button.disabled = true;
    focused = `tbody tr:nth-child(${element.querySelectorAll('tbody tr').length + 1}) [data-open]`;
    trigger('more', {});
  }
});

element.addEventListener('change', ({ target }) => {
  if (target.id !== 'sort-by') return;
  focused = '#sort-by';
  trigger('sort', { by: target.value });
});

watch('value', () => {
  document.dispatchEvent(new Event('archive-table'));
  const target = focused && element.querySelector(focused);
  if (target) {
    if (target.tagName === 'P') target.tabIndex = -1;
    target.focus({ preventScroll: target.tagName === 'P' });
  }
  focused = '';
});
