/**
 * What the server says against a request, said at the field that it is about. Fields carry
 * `data-field`: the path of what they stand for in the body of the request.
 */

let count = 0;

/**
 * @param {Element} root of the form
 * @param {{message: string, field?: string}} error
 * @returns {boolean} whether it is said; else the form says it as a whole
 */
export function sayAtField(root, error) {
  forget(root);
  const place = error.field && placeOf(root, error);
  if (!place) {
    return false;
  }
  const said = document.createElement('span');
  said.id = `problem-${++count}`;
  said.className = 'problem';
  said.setAttribute('role', 'alert');
  said.textContent = plain(error.message);
  place.append(said);
  const control = place.querySelector('input:not([type=hidden]), select, textarea, button');
  control?.setAttribute('aria-invalid', 'true');
  control?.setAttribute('aria-describedby', said.id);
  place.scrollIntoView({ block: 'nearest' });
  control?.focus();
  place.addEventListener('input', () => forget(place), { once: true });
  return true;
}

/** Takes back all that was said. */
export function forget(root) {
  for (const said of root.querySelectorAll('.problem[id^="problem-"]')) {
    said.parentElement.querySelectorAll(`[aria-describedby="${said.id}"]`).forEach((control) => {
      control.removeAttribute('aria-invalid');
      control.removeAttribute('aria-describedby');
    });
    said.remove();
  }
}

/** The innermost field that it is about; of an object, the one whose name the sentence quotes. */
function placeOf(root, { field, message }) {
  const places = [...root.querySelectorAll('[data-field]')].filter((place) => place.checkVisibility());
  const named = [...message.matchAll(/'([A-Za-z.]+)'/g)].map(([, name]) => `${field}.${name}`);
  return places.find((place) => named.includes(place.dataset.field))
    ?? places
      .filter(({ dataset }) => [field, ...named].some((path) => path === dataset.field
        || path.startsWith(`${dataset.field}.`) || path.startsWith(`${dataset.field}[`)))
      .sort((a, b) => b.dataset.field.length - a.dataset.field.length)[0];
}

/** Where it stands is seen; without its path a sentence reads better. */
const plain = (message) => message.replace(/^'[A-Za-z.[\]0-9]+': /, '');
