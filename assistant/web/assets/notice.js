// The line about the index. Runs once when the page is drawn; `element` and `server` are Gradio's.
const line = element.querySelector('.index-news');
const BUSY = 2000, QUIET = 20000;  // milliseconds between two looks
let timer = 0;

const look = async () => {
  clearTimeout(timer);
  let wait = QUIET;
  if (!document.hidden) {
    try {
      const { text, busy } = await server.state();
      if (line.textContent !== text) line.textContent = text;
      line.hidden = !text;
      if (busy) wait = BUSY;
    } catch { /* the server is away; the chat says so */ }
  }
  timer = setTimeout(look, wait);
};

document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
look();
