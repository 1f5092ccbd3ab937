// ---- the picture of a PDF's page. Follows evidence.js in one script.
// The picture of a PDF's page is drawn on the server when it is first asked for. Who looks at pages
// sees that of the next quote too.
let zoomed = false;
const showPage = async (button, focus) => {
  const read = element.querySelector('.ev-read'), slot = element.querySelector('.picture-slot');
  read.classList.toggle('paged', paged);
  button.setAttribute('aria-expanded', String(paged));
  if (paged && slot.dataset.of !== read.dataset.ref) {
    slot.dataset.of = read.dataset.ref;
    slot.innerHTML = `<p class="cut" role="status">${say('page.moment')}</p>`;
    try {
      slot.innerHTML = await server.page_picture(read.dataset.ref);
    } catch {
      slot.innerHTML = `<p class="cut" role="alert">${say('page.no_answer')}</p>`;
      delete slot.dataset.of;
    }
    await slot.querySelector('img')?.decode?.().catch(() => {});
  }
  if (!button.isConnected || read.classList.contains('paged') !== paged) return;
  zoom();
  if (focus && paged) slot.focus({ preventScroll: true });
};

const zoom = () => {
  const slot = element.querySelector('.picture-slot');
  slot.classList.toggle('zoomed', zoomed);
  element.querySelector('[data-zoom]').setAttribute('aria-pressed', String(zoomed));
  const box = element.querySelector('.page-picture .box');
  center((paged ? box : element.querySelector('#hit')) ?? slot);
  if (paged && box) slot.scrollLeft += box.getBoundingClientRect().left - slot.getBoundingClientRect().left - 24;
};

element.addEventListener('click', event => {
  const button = event.target.closest('[data-picture]');
  if (button) {
    paged = !paged;
    showPage(button, true);
  } else if (event.target.closest('[data-zoom]')) {
    zoomed = !zoomed;
    zoom();
  }
});
