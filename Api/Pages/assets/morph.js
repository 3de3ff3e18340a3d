import { localizeTimes } from './format.js';

// Makes what is on the page equal to what the server rendered anew, and leaves alone what is equal already: the focus, a selection
// and what is folded open stay. Elements with a data-key are known by it, others by their place.
export function morph(now, next) {
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value) {
      now.setAttribute(name, value);
    }
  }

  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && name !== 'open') {
      now.removeAttribute(name);
    }
  }

  morphChildren(now, next);
}

function morphChildren(now, next) {
  const keyed = new Map([...now.children].filter(child => child.dataset.key).map(child => [child.dataset.key, child]));
  let at = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = wanted.dataset?.key;
    let match = key ? keyed.get(key) : at && !at.dataset?.key && isLike(at, wanted) ? at : null;
    if (!match) {
      match = document.importNode(wanted, true);
      now.insertBefore(match, at);
    } else {
      if (match === at) {
        at = at.nextSibling;
      } else {
        now.insertBefore(match, at);
      }

      if (match.nodeType === Node.ELEMENT_NODE) {
        morph(match, wanted);
      } else if (match.nodeValue !== wanted.nodeValue) {
        match.nodeValue = wanted.nodeValue;
      }
    }
  }

  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

const isLike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName;

const parser = new DOMParser();

// What the server renders at an address. Its scripts do not run; there are none in it.
export async function fetchDocument(url, options) {
  const response = await fetch(url, { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(10000), ...options });
  const page = parser.parseFromString(await response.text(), 'text/html');
  localizeTimes(page);
  return { response, page };
}
