// The conversation that the address names, or else that this tab had open: a list of inputs with
// one in it, its id.
() => {
  try {
    return [new URL(location.href).searchParams.get('chat') || sessionStorage.getItem('archive-chat') || ''];
  } catch {
    return [''];
  }
}
