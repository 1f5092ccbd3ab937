
// ---- what this browser chose on the Settings tab; follows filters.js in one script, and goes
// along with every question in the JSON of the filters.
const WISHES = 'archive-wishes';
let wishes = {};
try { wishes = JSON.parse(localStorage.getItem(WISHES)) || {}; } catch { /* nothing chosen */ }
window.archiveWishes = {
  all: () => wishes,
  set: (key, value) => {
    wishes = { ...wishes, [key]: value || undefined };
    try { localStorage.setItem(WISHES, JSON.stringify(wishes)); } catch { /* until the page is left */ }
  },
};
const filtersAlone = window.archiveFilters;
window.archiveFilters = () => {
  const chosenOnes = Object.fromEntries(Object.entries(wishes).filter(([, value]) => value));
  if (!Object.keys(chosenOnes).length) return filtersAlone();
  return JSON.stringify({ ...JSON.parse(filtersAlone() || '{}'), ...chosenOnes });
};
