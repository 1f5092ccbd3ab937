// The conversation that this tab had open: a list of inputs with one in it, its id.
() => {
  try {
    return [sessionStorage.getItem('archive-chat') || ''];
  } catch {
    return [''];
  }
}
