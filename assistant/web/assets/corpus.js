// "Remove" asks once more before it removes. `element` and `trigger` are Gradio's.
const PATIENCE = 5000;

const disarm = button => {
  if (!button.isConnected) return;
  delete button.dataset.armed;
  button.textContent = 'Remove';
};

element.addEventListener('click', event => {
  const button = event.target.closest('[data-remove]');
  if (!button) return;
  if (button.dataset.armed) {
    button.disabled = true;
    button.textContent = 'Removing…';
    trigger('remove', { id: button.dataset.remove });
    return;
  }
  button.dataset.armed = 'yes';
  button.textContent = 'Really remove?';
  setTimeout(disarm, PATIENCE, button);
});
