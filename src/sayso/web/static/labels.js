// The page's own words, per language. What a merchant says comes from its manifest, through the API.

let words = {};
let language = document.documentElement.lang.split("-")[0];

/** Read the labels; `label` works afterwards. */
export async function load() {
  words = await (await fetch("/static/labels.json")).json();
}

/** The words of one label in the page's language. */
export function label(name) {
  return (words[language] ?? words.en)?.[name] ?? words.en?.[name] ?? name;
}

/** The words of one label in another language. */
export function labelIn(other, name) {
  return (words[other.split("-")[0]] ?? words.en)[name];
}

export function current() {
  return language;
}

/** Show every label of the page in another language. */
export function use(other) {
  language = other.split("-")[0];
  document.documentElement.lang = other;
  for (const one of document.querySelectorAll("[data-label]")) one.textContent = label(one.dataset.label);
  for (const one of document.querySelectorAll("[data-aria]")) one.setAttribute("aria-label", label(one.dataset.aria));
  for (const one of document.querySelectorAll("[data-placeholder]")) one.placeholder = label(one.dataset.placeholder);
}
