// What the check found: repair it, or close the list. `element`, `props`, `trigger` and `watch`
// are Gradio's.
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-act]');
  if (!button) return;
  if (button.dataset.act === 'close-findings') {
    props.value = '';
    document.querySelector('#check button')?.focus();
  } else if (button.dataset.act === 'repair') {
    button.disabled = true;
    button.textContent = button.dataset.busy;
    trigger('repair', {});
  }
});

watch('value', () => element.querySelector('[data-focus]')?.focus({ preventScroll: true }));
