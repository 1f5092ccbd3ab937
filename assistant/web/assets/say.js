// What the page's scripts say: `archiveTexts` has the texts in the language of this browser. Gradio
// has texts of its own, in the language that the browser asks for; it is told ours.
const language = document.documentElement.lang;
Object.defineProperty(navigator, 'language', { get: () => language, configurable: true });
Object.defineProperty(navigator, 'languages', { get: () => [language], configurable: true });
window.say = (key, values = {}) => (window.archiveTexts[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
window.say.count = (key, n, values = {}) => window.say(`${key}.${n === 1 ? 'one' : 'other'}`, { n: n.toLocaleString(language), ...values });
// Plain dates as people write them here, from 2024-03-31.
window.say.day = date => new Date(`${date}T12:00`).toLocaleDateString(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'long', year: 'numeric' });
