// Tells the page's other scripts which messages are shown: their roles, and the ids that tell a
// kept answer by its number. The words stay where they are.
(messages) => {
  window.archiveShown = messages.map(({ role, metadata }) => ({ role, id: String(metadata?.id ?? '') }));
  document.dispatchEvent(new Event('archive-shown'));
}
