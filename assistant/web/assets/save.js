// Keeps this tab's conversation over a reload. The browser's tab is the only place it is kept.
(messages) => {
  try {
    const said = messages.filter(one => one.metadata?.id !== 'status');
    sessionStorage.setItem('archive-conversation', JSON.stringify(said));
  } catch { /* no room, or not allowed: the conversation then ends with the page */ }
}
