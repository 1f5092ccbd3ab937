// Questions that readers want documents for: say that one is seen to. `element`, `trigger` and
// `watch` are Gradio's.
let settled = false;
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-settle]');
  if (!button || button.disabled) return;
  button.disabled = true;
  if (button.dataset.busy) button.textContent = button.dataset.busy;
  settled = true;
  trigger('settle', { id: Number(button.dataset.settle), undo: button.dataset.undo === '1' });
});

watch('value', () => {
  if (!settled) return;  // the button that had the focus is gone
  settled = false;
  requestAnimationFrame(() => element.querySelector('button[data-undo], summary')?.focus({ preventScroll: true }));
});
