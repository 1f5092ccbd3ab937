// "Check the corpus". `element` and `trigger` are Gradio's.
element.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button || button.disabled) return;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  trigger('check', {});
});
