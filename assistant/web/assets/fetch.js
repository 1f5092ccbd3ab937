// The form for web addresses. `element`, `trigger` and `watch` are Gradio's.
let sent = false;

// Asked for by the box for files, once its files are on their way.
window.archiveEmptied = () => trigger('emptied', {});

element.addEventListener('submit', event => {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  const button = event.target.querySelector('[type="submit"]');
  button.disabled = true;
  button.textContent = say('adding.busy');
  sent = true;
  trigger('fetch', values);
});

watch('value', () => {
  if (!sent) return;
  sent = false;
  // Gradio keeps the elements that were there before, and with them what was typed.
  for (const one of element.querySelectorAll('input')) one.value = one.getAttribute('value');
  (element.querySelector('[data-focus]') ?? element.querySelector('input')).focus({ preventScroll: true });
});
